// What is packed into the page, unpacked.

function bytesOf(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpacked(id) {
  const bytes = bytesOf(id);
  if (typeof DecompressionStream !== 'function') return inflate(bytes);
  const stream = new Response(bytes).body.pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpackedData() {
  return JSON.parse(new TextDecoder().decode(await unpacked('packed')));
}

// Reads what varint.py writes.
class Varints {
  constructor(bytes, at) { this.bytes = bytes; this.at = at; }

  next() {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      this.at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  // Where each of n runs starts, the end of the last one behind them.
  starts(n) {
    const starts = new Uint32Array(n + 1);
    for (let i = 0; i < n; i += 1) starts[i + 1] = starts[i] + this.next();
    return starts;
  }

  // n pairs of running sums, x and y in turn.
  pairs(n) {
    const out = new Int32Array(2 * n);
    let x = 0;
    let y = 0;
    for (let i = 0; i < 2 * n; i += 2) {
      x += this.signed();
      y += this.signed();
      out[i] = x;
      out[i + 1] = y;
    }
    return out;
  }

  signed() {
    const value = this.next();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

// The drawn subjects of a kind: verdicts rule by rule, rings of each subject, points of each ring, coordinates in dm.
function readKind(kind, bytes, at) {
  const size = kind.rules.length * kind.count;
  const verdicts = new Int8Array(bytes.buffer, bytes.byteOffset + at, size);
  const reader = new Varints(bytes, at + size);
  const rings = reader.starts(kind.count);
  const points = reader.starts(rings[kind.count]);
  const xy = reader.pairs(points[points.length - 1]);
  return { ...kind, verdicts, rings, points, xy, boxes: boxes(kind.count, rings, points, xy), end: reader.at };
}

// West, south, east, north of each subject; west above east where nothing is drawn.
function boxes(count, rings, points, xy) {
  const out = new Int32Array(4 * count);
  for (let i = 0; i < count; i += 1) {
    let [west, south, east, north] = [2147483647, 2147483647, -2147483648, -2147483648];
    for (let p = 2 * points[rings[i]]; p < 2 * points[rings[i + 1]]; p += 2) {
      if (xy[p] < west) west = xy[p];
      if (xy[p] > east) east = xy[p];
      if (xy[p + 1] < south) south = xy[p + 1];
      if (xy[p + 1] > north) north = xy[p + 1];
    }
    out.set([west, south, east, north], 4 * i);
  }
  return out;
}

async function unpackedKinds(kinds) {
  const bytes = await unpacked('octets');
  const read = [];
  let at = 0;
  for (const kind of kinds) {
    if (kind.count) {
      read.push(readKind(kind, bytes, at));
      at = read[read.length - 1].end;
    } else read.push({ ...kind, verdicts: [], rings: [0], points: [0], xy: [], boxes: [] });
  }
  return read;
}
