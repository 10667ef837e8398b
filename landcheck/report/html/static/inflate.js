// RFC 1951 in plain script, for browsers without DecompressionStream (before Chrome 80, Firefox 113).

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Canonical Huffman code: how many codes of each length, and the symbols in the order of their codes.
function huffman(lengths) {
  const count = new Uint16Array(16);
  const symbol = new Uint16Array(lengths.length);
  for (const length of lengths) count[length] += 1;
  count[0] = 0;
  const next = new Uint16Array(16);
  for (let i = 1; i < 15; i += 1) next[i + 1] = next[i] + count[i];
  lengths.forEach((length, i) => {
    if (length) { symbol[next[length]] = i; next[length] += 1; }
  });
  return { count, symbol };
}

function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  return [huffman(lengths), huffman(new Array(30).fill(5))];
}

class Bits {
  constructor(bytes, at) { this.bytes = bytes; this.at = at; this.held = 0; this.size = 0; }

  take(n) {
    while (this.size < n) {
      if (this.at >= this.bytes.length) throw new Error('cut short');
      this.held |= this.bytes[this.at] << this.size;
      this.at += 1;
      this.size += 8;
    }
    const value = this.held & ((1 << n) - 1);
    this.held >>>= n;
    this.size -= n;
    return value;
  }

  symbol(code) {
    let value = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length += 1) {
      value |= this.take(1);
      const count = code.count[length];
      if (value - count < first) return code.symbol[index + value - first];
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new Error('no such code');
  }

  align() { this.held = 0; this.size = 0; }
}

class Output {
  constructor(size) { this.bytes = new Uint8Array(size); this.length = 0; }

  room(more) {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }

  put(byte) { this.room(1); this.bytes[this.length] = byte; this.length += 1; }

  again(distance, length) {
    this.room(length);
    for (let i = 0; i < length; i += 1, this.length += 1) this.bytes[this.length] = this.bytes[this.length - distance];
  }
}

function ownCodes(bits) {
  const [literals, distances, codes] = [bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4];
  const short = new Array(19).fill(0);
  for (let i = 0; i < codes; i += 1) short[CODE_ORDER[i]] = bits.take(3);
  const code = huffman(short);
  const lengths = [];
  while (lengths.length < literals + distances) {
    const symbol = bits.symbol(code);
    if (symbol < 16) lengths.push(symbol);
    else {
      const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
      const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      for (let i = 0; i < times; i += 1) lengths.push(value);
    }
  }
  return [huffman(lengths.slice(0, literals)), huffman(lengths.slice(literals))];
}

function coded(bits, out, literal, distance) {
  for (;;) {
    const symbol = bits.symbol(literal);
    if (symbol < 256) out.put(symbol);
    else if (symbol === 256) return;
    else {
      const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_BITS[symbol - 257]);
      const far = bits.symbol(distance);
      out.again(DISTANCE_BASE[far] + bits.take(DISTANCE_BITS[far]), length);
    }
  }
}

function stored(bits, out) {
  bits.align();
  const length = bits.take(16);
  bits.take(16);
  for (let i = 0; i < length; i += 1) out.put(bits.take(8));
}

// A zlib stream (two bytes of head) as the bytes it was made of.
function inflate(bytes) {
  const bits = new Bits(bytes, 2);
  const out = new Output(bytes.length * 4);
  for (let last = 0; !last;) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (kind === 0) stored(bits, out);
    else coded(bits, out, ...(kind === 1 ? fixedCodes() : ownCodes(bits)));
  }
  return out.bytes.subarray(0, out.length);
}
