// Where the drawn subjects lie. A target is {kind, i}: the i-th drawn subject of a kind.

function drawnAt(kinds, subject) {
  for (const kind of kinds) {
    if (subject >= kind.first && subject < kind.first + kind.count) return { kind, i: subject - kind.first };
  }
  return null;
}

// Without the outlines themselves: is the subject among those that have a place on the map?
function isDrawn(kinds, subject) {
  return kinds.some((kind) => subject >= kind.first && subject < kind.first + kind.count);
}

function hasShape({ kind, i }) {
  return kind.rings[i + 1] > kind.rings[i];
}

function boxOf({ kind, i }) {
  return kind.boxes.subarray(4 * i, 4 * i + 4);
}

// The box around those subjects of a kind (all without numbers), widening the one given; null where none is drawn.
function boxAround(kind, numbers, box) {
  const { boxes: all, rings } = kind;
  let [west, south, east, north] = box || [Infinity, Infinity, -Infinity, -Infinity];
  const n = numbers ? numbers.length : kind.count;
  for (let k = 0; k < n; k += 1) {
    const i = numbers ? numbers[k] : k;
    if (rings[i + 1] === rings[i]) continue;
    if (all[4 * i] < west) west = all[4 * i];
    if (all[4 * i + 1] < south) south = all[4 * i + 1];
    if (all[4 * i + 2] > east) east = all[4 * i + 2];
    if (all[4 * i + 3] > north) north = all[4 * i + 3];
  }
  return west <= east ? [west, south, east, north] : null;
}

function wholeBox(kinds) {
  return kinds.reduce((box, kind) => boxAround(kind, null, box), null);
}

// The box around what the filter lets through; null where none of it is drawn.
function shownBox({ kinds, shown }) {
  return kinds.reduce((box, kind, k) => boxAround(kind, [...shown[k].keys()].filter((i) => shown[k][i] >= 0), box), null);
}

// Is the place (dm) inside, holes left out?
function holds(kind, i, x, y) {
  let inside = false;
  for (let ring = kind.rings[i]; ring < kind.rings[i + 1]; ring += 1) {
    const [from, to] = [kind.points[ring], kind.points[ring + 1]];
    for (let p = from, q = to - 1; p < to; q = p, p += 1) {
      const [ax, ay, bx, by] = [kind.xy[2 * p], kind.xy[2 * p + 1], kind.xy[2 * q], kind.xy[2 * q + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

// What lies under a place: the first kind that has something there; of several the one drawn last. Slack is in dm.
function targetAt(kinds, x, y, slack) {
  for (const kind of kinds) {
    for (let i = kind.count - 1; i >= 0; i -= 1) {
      const b = 4 * i;
      const near = kind.boxes[b] - slack <= x && x <= kind.boxes[b + 2] + slack
        && kind.boxes[b + 1] - slack <= y && y <= kind.boxes[b + 3] + slack;
      const tiny = kind.boxes[b + 2] - kind.boxes[b] < 2 * slack && kind.boxes[b + 3] - kind.boxes[b + 1] < 2 * slack;
      if (near && (tiny || holds(kind, i, x, y))) return { kind, i };
    }
  }
  return null;
}

// Where parcels lie close together: boxes with how many lie in each, the fullest first. Cells of a 40th of the whole
// are joined with their neighbours.
function places(parcels) {
  const whole = boxAround(parcels);
  if (!whole) return [];
  const side = Math.max(whole[2] - whole[0], whole[3] - whole[1], 1) / 40;
  const cells = new Map();
  for (let i = 0; i < parcels.count; i += 1) {
    if (parcels.rings[i + 1] === parcels.rings[i]) continue;
    const key = CELLS * cell(parcels, i, 0, whole, side) + cell(parcels, i, 1, whole, side);
    if (cells.has(key)) cells.get(key).push(i); else cells.set(key, [i]);
  }
  const found = [];
  while (cells.size) {
    const numbers = joinedCells(cells, cells.keys().next().value);
    found.push({ box: boxAround(parcels, numbers), count: numbers.length });
  }
  return found.sort((a, b) => b.count - a.count);
}

const CELLS = 1000;

// Which column (axis 0) or row (axis 1) of cells the middle of a subject lies in, from 1.
function cell(kind, i, axis, whole, side) {
  return 1 + Math.floor(((kind.boxes[4 * i + axis] + kind.boxes[4 * i + 2 + axis]) / 2 - whole[axis]) / side);
}

// Takes a cell and all that touch it, one by one, out of the cells.
function joinedCells(cells, first) {
  const waiting = [first];
  const taken = [];
  while (waiting.length) {
    const key = waiting.pop();
    if (!cells.has(key)) continue;
    for (const i of cells.get(key)) taken.push(i);
    cells.delete(key);
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) waiting.push(key + CELLS * dx + dy);
  }
  return taken;
}
