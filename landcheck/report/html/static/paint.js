// The map's ink. A view is {scale: pixels a dm, west, north: dm at the upper left, width, height: pixels}.

const INK = '#1c2733';
const DIM = '#c3cad2';
const PARK = '#1f4e79';
// By verdict: pass, review, undetermined, fail, not applicable. Each has a pattern of its own besides its colour; small
// is what a parcel without room for a pattern is filled with: light to dark, for eyes that tell no red from green.
const STYLES = [
  { ground: '#cfe8da', mark: '#1b6e4b', line: '#1b6e4b', small: '#7fc4a0', draw: null },
  { ground: '#fbe3b0', mark: '#8a5200', line: '#7a4700', small: '#e3a008', draw: dots },
  { ground: '#dcd9f3', mark: '#4a3f8f', line: '#453a87', small: '#6f66c4', draw: levels },
  { ground: '#f3b3ac', mark: '#a3201d', line: '#8f1512', small: '#8f1512', draw: diagonals },
  { ground: '#f7f8f9', mark: '#98a2ad', line: '#98a2ad', small: '#e9edf1', draw: null },
];
const TILE = 8;
const FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif';

function dots(ctx) {
  for (const [x, y] of [[2, 2], [6, 6]]) {
    ctx.beginPath();
    ctx.arc(x, y, 1.1, 0, 2 * Math.PI);
    ctx.fill();
  }
}

function levels(ctx) {
  ctx.fillRect(0, 1.5, TILE, 1.1);
  ctx.fillRect(0, 5.5, TILE, 1.1);
}

function diagonals(ctx) {
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const shift of [-TILE, 0, TILE]) {
    ctx.moveTo(shift - 1, TILE + 1);
    ctx.lineTo(shift + TILE + 1, -1);
  }
  ctx.stroke();
}

// Drawn at twice the size and shown at half, so that it stays sharp on fine screens and on paper.
function pattern(ctx, style) {
  if (!style.draw) return style.ground;
  const tile = document.createElement('canvas');
  tile.width = 2 * TILE;
  tile.height = 2 * TILE;
  const on = tile.getContext('2d');
  on.scale(2, 2);
  on.fillStyle = style.ground;
  on.fillRect(0, 0, TILE, TILE);
  on.fillStyle = style.mark;
  on.strokeStyle = style.mark;
  style.draw(on);
  const made = ctx.createPattern(tile, 'repeat');
  made.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
  return made;
}

function visibleIn(view, kind, i) {
  const b = 4 * i;
  const [east, south] = [view.west + view.width / view.scale, view.north - view.height / view.scale];
  return kind.boxes[b] <= east && kind.boxes[b + 2] >= view.west && kind.boxes[b + 1] <= view.north && kind.boxes[b + 3] >= south;
}

function trace(ctx, view, kind, i) {
  ctx.beginPath();
  for (let ring = kind.rings[i]; ring < kind.rings[i + 1]; ring += 1) {
    const [from, to] = [2 * kind.points[ring], 2 * kind.points[ring + 1]];
    ctx.moveTo((kind.xy[from] - view.west) * view.scale, (view.north - kind.xy[from + 1]) * view.scale);
    for (let p = from + 2; p < to; p += 2) {
      ctx.lineTo((kind.xy[p] - view.west) * view.scale, (view.north - kind.xy[p + 1]) * view.scale);
    }
    ctx.closePath();
  }
}

// shown: the verdict each subject is drawn with, -1 for one the filter leaves out.
function paintParcels(ctx, view, kind, shown) {
  const fills = STYLES.map((style) => pattern(ctx, style));
  for (const verdict of [-1, 4, 0, 1, 2, 3]) {
    const style = STYLES[verdict];
    ctx.fillStyle = style ? fills[verdict] : '#fff';
    ctx.strokeStyle = style ? style.line : DIM;
    ctx.lineWidth = style ? 1 : 0.7;
    for (let i = 0; i < kind.count; i += 1) {
      if (shown[i] === verdict && hasShape({ kind, i }) && visibleIn(view, kind, i)) paintOne(ctx, view, kind, i, style);
    }
  }
}

function paintOne(ctx, view, kind, i, style) {
  const [west, south, east, north] = boxOf({ kind, i });
  const [width, height] = [(east - west) * view.scale, (north - south) * view.scale];
  if (width < 4 && height < 4) {
    const fill = ctx.fillStyle;
    ctx.fillStyle = style ? style.small : DIM;
    ctx.fillRect((west - view.west) * view.scale, (view.north - north) * view.scale, Math.max(width, 1.5), Math.max(height, 1.5));
    ctx.fillStyle = fill;
    return;
  }
  trace(ctx, view, kind, i);
  ctx.fill('evenodd');
  ctx.stroke();
}

function paintParks(ctx, view, kind, shown) {
  ctx.strokeStyle = PARK;
  ctx.lineWidth = 1.6;
  for (let i = 0; i < kind.count; i += 1) {
    if (!hasShape({ kind, i }) || !visibleIn(view, kind, i)) continue;
    ctx.setLineDash([7, 4]);
    trace(ctx, view, kind, i);
    ctx.stroke();
    ctx.setLineDash([]);
    const [west, , east, north] = boxOf({ kind, i });
    const room = (east - west) * view.scale;
    if (room > 70) {
      const [x, y] = [(west - view.west) * view.scale + 5, (view.north - north) * view.scale + 15];
      const name = kind.labels[i];
      // That a park meets its own rules must not be taken for a word on its parcels.
      const open = shown[i] > 0 && shown[i] < 4;
      if (!open || !label(ctx, say('park-verdict', { park: name, verdict: words[shown[i]] }), x, y, room)) label(ctx, name, x, y, room);
    }
  }
}

// Whether there was room for it.
function label(ctx, text, x, y, room) {
  ctx.font = `600 12px ${FONT}`;
  if (ctx.measureText(text).width > room - 10) return false;
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = 'rgba(255,255,255,.92)';
  ctx.strokeText(text, x, y);
  ctx.fillStyle = PARK;
  ctx.fillText(text, x, y);
  ctx.strokeStyle = PARK;
  ctx.lineWidth = 1.6;
  return true;
}

function paintSelected(ctx, view, target) {
  if (!target || !hasShape(target)) return;
  trace(ctx, view, target.kind, target.i);
  ctx.lineJoin = 'round';
  for (const [width, colour] of [[6, '#fff'], [3, INK]]) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}

// A diamond where a data finding lies: filled for an error, hollow for a warning.
function paintSpots(ctx, view, spots) {
  for (const { x, y, error } of spots) diamond(ctx, (x - view.west) * view.scale, (view.north - y) * view.scale, error);
}

function diamond(ctx, x, y, full) {
  ctx.beginPath();
  ctx.moveTo(x, y - 6);
  ctx.lineTo(x + 6, y);
  ctx.lineTo(x, y + 6);
  ctx.lineTo(x - 6, y);
  ctx.closePath();
  ctx.lineWidth = 2;
  ctx.fillStyle = full ? INK : '#fff';
  ctx.strokeStyle = full ? '#fff' : INK;
  ctx.fill();
  ctx.stroke();
}

// A canvas fitted to the screen's own pixels, cleared, its units those of the page.
function prepared(canvas, width, height, density) {
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const ctx = canvas.getContext('2d');
  ctx.setTransform(density, 0, 0, density, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

function paintAll(ctx, view, scene) {
  scene.kinds.forEach((kind, place) => {
    if (place === 0) paintParcels(ctx, view, kind, scene.shown[place]);
    else paintParks(ctx, view, kind, scene.shown[place]);
  });
  paintSpots(ctx, view, scene.spots);
  paintSelected(ctx, view, scene.selected);
}
