// The map on paper: each place where parcels lie close together has a picture of its own, if there are few.

const PICTURES = 6;

// Paper gets the map at its filter, all lists laid out, and what is folded away on the screen.
function startPrinting(atlas, tables) {
  const folded = [];
  window.addEventListener('beforeprint', () => {
    tables.forEach((table) => table.onPaper());
    document.querySelectorAll('details:not([open])').forEach((one) => { one.open = true; folded.push(one); });
    if (atlas) printedMap(atlas.scene, document.getElementById('printed'));
  });
  window.addEventListener('afterprint', () => {
    tables.forEach((table) => table.onScreen());
    folded.splice(0).forEach((one) => { one.open = false; });
  });
}

function printedMap(scene, figure) {
  const found = places(scene.kinds[0]);
  const whole = wholeBox(scene.kinds) || [0, 0, 1000, 1000];
  const boxes = found.length > 1 && found.length <= PICTURES ? found.map((one) => one.box) : [whole];
  const several = boxes.length > 2;
  const [width, height] = several ? [620, 460] : [1000, boxes.length > 1 ? 520 : 620];
  const pictures = boxes.map((box) => {
    const canvas = el('canvas', {});
    picture(prepared(canvas, width, height, 2.5), scene, box, width, height);
    return canvas;
  });
  figure.classList.toggle('several', several);
  figure.replaceChildren(...pictures, el('figcaption', {}, document.getElementById('shown').textContent));
}

function picture(ctx, scene, [west, south, east, north], width, height) {
  const margin = 44;
  const scale = Math.min((width - margin) / Math.max(east - west, 1), (height - margin) / Math.max(north - south, 1));
  const view = { scale, width, height, west: (west + east) / 2 - width / 2 / scale, north: (south + north) / 2 + height / 2 / scale };
  paintAll(ctx, view, { ...scene, selected: null });
  scaleBar(ctx, height, scale * METRE);
  arrow(ctx, width);
}

function scaleBar(ctx, height, pixelsAMetre) {
  const metres = roundLength(1 / pixelsAMetre, 180);
  const bar = metres * pixelsAMetre;
  ctx.fillStyle = 'rgba(255,255,255,.9)';
  ctx.fillRect(8, height - 42, bar + 28, 34);
  ctx.strokeStyle = INK;
  ctx.fillStyle = INK;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(22, height - 22);
  ctx.lineTo(22, height - 16);
  ctx.lineTo(22 + bar, height - 16);
  ctx.lineTo(22 + bar, height - 22);
  ctx.stroke();
  ctx.font = `13px ${FONT}`;
  ctx.textAlign = 'center';
  ctx.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, 22 + bar / 2, height - 22);
  ctx.textAlign = 'start';
}

// A round length that takes at most so many pixels, in metres.
function roundLength(metresAPixel, most) {
  const power = 10 ** Math.floor(Math.log10(metresAPixel * most));
  return [5, 2, 1].map((n) => n * power).find((metres) => metres <= metresAPixel * most);
}

function arrow(ctx, width) {
  ctx.fillStyle = 'rgba(255,255,255,.9)';
  ctx.fillRect(width - 46, 8, 38, 52);
  ctx.fillStyle = INK;
  ctx.beginPath();
  ctx.moveTo(width - 27, 12);
  ctx.lineTo(width - 18, 38);
  ctx.lineTo(width - 27, 32);
  ctx.lineTo(width - 36, 38);
  ctx.fill();
  ctx.textAlign = 'center';
  ctx.font = `13px ${FONT}`;
  ctx.fillText(say('north', {}), width - 27, 54);
  ctx.textAlign = 'start';
}
