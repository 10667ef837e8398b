// The map: Leaflet moves it, the ink of paint.js is on it, the panel beside it tells of what is chosen.

const METRE = 10;

const Sheet = window.L && L.Layer.extend({
  initialize(paint) { this.paint = paint; },

  onAdd() {
    this.canvas = L.DomUtil.create('canvas', 'sheet', this.getPane());
    this.renew();
  },

  onRemove() { this.canvas.remove(); },

  getEvents() { return { moveend: this.renew, viewreset: this.renew, resize: this.renew }; },

  // However often asked for, once a frame.
  renew() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => { if (this._map) this.draw(); });
  },

  // A quarter of a map more on each side, so that dragging does not soon run into white.
  draw() {
    const size = this._map.getSize();
    const more = L.point(Math.round(size.x / 4), Math.round(size.y / 4)); // whole pixels, or lines blur
    const [width, height] = [size.x + 2 * more.x, size.y + 2 * more.y];
    const corner = more.multiplyBy(-1);
    const at = this._map.containerPointToLatLng(corner);
    L.DomUtil.setPosition(this.canvas, this._map.containerPointToLayerPoint(corner));
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const ctx = prepared(this.canvas, width, height, Math.min(window.devicePixelRatio || 1, 2));
    const scale = this._map.getZoomScale(this._map.getZoom(), 0) / METRE;
    this.paint(ctx, { scale, west: at.lng * METRE, north: at.lat * METRE, width, height });
  },
});

// Whether the panel stands under the map instead of beside it.
function stacked() {
  return matchMedia('(max-width: 980px)').matches;
}

class Atlas {
  // data: the unpacked report; kinds: its drawn subjects.
  constructor(data, kinds) {
    this.faults = data.data;
    const { place, spot, level } = this.faults;
    const spots = spot.flatMap((at, i) => (at ? [{ x: at[0] * METRE, y: at[1] * METRE, error: level[i] === 'error', i, place: place[i] }] : []));
    this.within = '';
    this.scene = { kinds, shown: kinds.map((kind) => shownVerdicts(kind, [])), spots, selected: null };
    this.panel = document.getElementById('panel');
    this.ofSubject = findingsBySubject();
    this.build();
    this.legend(document.getElementById('legend'));
    this.locator(document.getElementById('locate'));
    this.invite();
  }

  build() {
    this.map = L.map('map', {
      crs: L.CRS.Simple, attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: -14, maxZoom: 5,
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, scrollWheelZoom: false,
    });
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(this.map);
    this.corner('topright', northArrow());
    L.control.zoom({ position: 'topright', zoomInTitle: say('zoom-in', {}), zoomOutTitle: say('zoom-out', {}) }).addTo(this.map);
    this.corner('bottomright', this.hint = el('div', { class: 'hint', hidden: true }));
    this.map.on('movestart', () => { this.inView = null; });
    this.map.on('resize', () => { if (this.inView) this.fit(...this.inView); });
    this.all();
    this.sheet = new Sheet((ctx, view) => paintAll(ctx, view, this.scene)).addTo(this.map);
    const box = this.map.getContainer();
    box.querySelector('.leaflet-control-zoom').append(this.homeButton());
    // Scrolling the page over the map must not zoom it, unless one works with it.
    box.addEventListener('focusin', () => this.map.scrollWheelZoom.enable());
    box.addEventListener('focusout', () => this.map.scrollWheelZoom.disable());
    this.map.on('click', (event) => this.pick(event.latlng));
    this.map.on('mousemove', (event) => this.hover(event.latlng));
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target === box) this.pick(this.map.getCenter());
    });
  }

  corner(position, element) {
    const control = L.control({ position });
    control.onAdd = () => element;
    control.addTo(this.map);
  }

  homeButton() {
    const name = say('whole-map', {});
    return el('a', { href: '#map', role: 'button', class: 'home', title: name, 'aria-label': name, onclick: (event) => { event.preventDefault(); this.all(); } }, '⌂');
  }

  all() {
    const box = wholeBox(this.scene.kinds) || [0, 0, 1000, 1000];
    this.fit(box, 0);
  }

  // The box stays in view when the page is turned or resized, until somebody moves the map; the padding keeps what is
  // written in it clear of the buttons on the right and the scale below.
  fit(box, least) {
    const [west, south, east, north] = box;
    const more = Math.max(0, least - Math.max(east - west, north - south)) / 2;
    this.map.fitBounds([[(south - more) / METRE, (west - more) / METRE], [(north + more) / METRE, (east + more) / METRE]], { paddingTopLeft: [18, 18], paddingBottomRight: [54, 40], animate: false });
    this.inView = [box, least];
  }

  targetNear({ lng, lat }) {
    const pixel = METRE / this.map.getZoomScale(this.map.getZoom(), 0);
    const [x, y] = [lng * METRE, lat * METRE];
    const spot = this.scene.spots.find((one) => Math.abs(one.x - x) + Math.abs(one.y - y) < 9 * pixel);
    return spot ? { spot } : targetAt(this.scene.kinds, x, y, 2 * pixel);
  }

  pick(latlng) {
    const target = this.targetNear(latlng);
    if (!target) { this.invite(); return; }
    if (target.spot) this.tellFault(target.spot.i);
    else this.tell(target.kind.first + target.i, target);
    if (stacked()) this.panel.scrollIntoView({ block: 'nearest' });
  }

  hover(latlng) {
    const target = this.targetNear(latlng);
    this.map.getContainer().classList.toggle('over', Boolean(target));
    this.hint.hidden = !target || Boolean(target.spot);
    if (this.hint.hidden) return;
    const verdict = this.scene.shown[this.scene.kinds.indexOf(target.kind)][target.i];
    this.hint.textContent = subjectName(target.kind.first + target.i) + (verdict >= 0 ? ` · ${words[verdict]}` : '');
  }

  // Go to a subject from a list; back leads to where one came from.
  goTo(subject, back) {
    const target = drawnAt(this.scene.kinds, subject);
    this.tell(subject, target, back);
    if (target && hasShape(target)) this.fit(boxOf(target), 5000);
    this.bringIntoView();
  }

  goToSpot(i, back) {
    const spot = this.scene.spots.find((one) => one.i === i);
    this.tellFault(i, back);
    this.fit([spot.x, spot.y, spot.x, spot.y], 3000);
    this.bringIntoView();
  }

  bringIntoView() {
    if (stacked()) this.panel.scrollIntoView({ block: 'start' });
    else document.getElementById('map').scrollIntoView({ block: 'center' });
    this.panel.focus({ preventScroll: true });
  }

  invite() {
    this.choose(null);
    this.panel.replaceChildren(el('h3', {}, say('panel', {})), el('p', { class: 'note' }, say('pick', {})));
  }

  choose(target) {
    this.scene.selected = target;
    if (this.sheet) this.sheet.renew();
  }

  tell(subject, target, back) {
    this.choose(target);
    const findings = this.ofSubject.get(subject) || [];
    const rules = target ? verdictsOf(target) : findings.map((f) => [report.findings.rule[f], report.findings.verdict[f]]);
    rules.sort((a, b) => GRAVITY[b[1]] - GRAVITY[a[1]] || a[0] - b[0]);
    this.panel.replaceChildren(
      el('h3', {}, subjectName(subject)),
      el('p', { class: 'actions' }, el('span', { class: 'note' }, [rowWords(subject), parkWords(subject)].filter(Boolean).join(' · ')), this.actions(target, back)),
      target && hasShape(target) ? '' : el('p', { class: 'note' }, say('no-shape', {})),
      el('ul', { class: 'verdicts' }, rules.map(([rule, verdict]) => verdictItem(rule, verdict, findings.find((f) => report.findings.rule[f] === rule)))),
    );
    this.panel.append(...this.faultsOf(subject));
    this.panel.scrollTop = 0;
  }

  faultsOf(subject) {
    const { who, level, word, message } = this.faults;
    const own = who.flatMap((one, i) => (one === subject ? [i] : []));
    if (!own.length) return [];
    const item = (i) => el('li', {}, el('p', { class: `level ${level[i]}` }, word[i]), clipped(message[i]));
    return [el('h4', {}, say('data-findings', {})), el('ul', { class: 'verdicts' }, own.map(item))];
  }

  actions(target, back) {
    return [
      target && hasShape(target) ? el('button', { type: 'button', class: 'quiet', onclick: () => this.fit(boxOf(target), 0) }, say('closer', {})) : null,
      back ? el('button', { type: 'button', class: 'quiet', onclick: () => { back.scrollIntoView({ block: 'center' }); back.focus(); } }, say('back', {})) : null,
    ];
  }

  tellFault(i, back) {
    this.choose(null);
    const { word, rule, subject, message, place } = this.faults;
    this.panel.replaceChildren(
      el('h3', {}, say('data-finding', {})),
      el('p', { class: 'actions' }, el('span', { class: 'level' }, word[i]), el('code', {}, rule[i]), this.actions(null, back)),
      el('p', {}, subject[i]), clipped(message[i]), el('p', { class: 'note' }, placeWords(place[i])),
    );
  }

  // Show what the filter lets through; another park, or other words, bring what they lead to into view.
  filtered(found) {
    this.scene.shown = this.scene.kinds.map((kind) => shownVerdicts(kind, found));
    this.sheet.renew();
    const within = filter.text || filter.park >= 0 ? `${filter.park} ${filter.text}` : '';
    if (within !== this.within) this.fit((within && shownBox(this.scene)) || this.home || wholeBox(this.scene.kinds) || [0, 0, 1000, 1000], within ? 3000 : 0);
    this.within = within;
    return this.scene.shown[0].reduce((n, verdict) => n + (verdict >= 0), 0);
  }

  // A list of where one might go: the whole, each place where parcels lie together, each park. Where the whole would show
  // nothing but specks the map opens on the place with most parcels.
  locator(select) {
    const goals = [{ name: say('whole-map', {}), box: null }];
    const found = places(this.scene.kinds[0]);
    if (found.length > 1 && found.length <= 12) {
      found.forEach((one, i) => goals.push({ name: say('cluster', { number: i + 1, count: count(one.count) }), box: one.box }));
    }
    const parks = this.scene.kinds[1];
    for (let i = 0; i < Math.min(parks.count, 500); i += 1) {
      if (hasShape({ kind: parks, i })) goals.push({ name: subjectName(parks.first + i), box: boxOf({ kind: parks, i }) });
    }
    if (found.length > 1 && found.length <= 12 && isSpeck(found[0].box, wholeBox(this.scene.kinds))) {
      this.home = found[0].box;
      this.fit(this.home, 0);
    }
    select.replaceChildren(...goals.map((goal, i) => el('option', { value: String(i), selected: Boolean(this.home) && i === 1 }, goal.name)));
    select.addEventListener('change', () => {
      const { box } = goals[Number(select.value)];
      if (box) this.fit(box, 0); else this.all();
    });
    select.parentElement.hidden = goals.length < 2;
  }

  legend(host) {
    const item = (draw, text) => el('li', {}, swatch(draw), text);
    const items = [3, 2, 1, 0, 4].map((verdict) => item((ctx) => {
      const style = STYLES[verdict];
      ctx.fillStyle = pattern(ctx, style);
      ctx.strokeStyle = style.line;
      ctx.fillRect(1, 1, 28, 14);
      ctx.strokeRect(1, 1, 28, 14);
    }, words[verdict]));
    if (this.scene.kinds[1].count) items.push(item((ctx) => { ctx.strokeStyle = PARK; ctx.lineWidth = 1.6; ctx.setLineDash([7, 4]); ctx.strokeRect(1, 2, 28, 12); }, say('legend-park', {})));
    if (this.scene.spots.some((spot) => spot.error)) items.push(item((ctx) => diamond(ctx, 15, 8, true), say('legend-error', {})));
    if (this.scene.spots.some((spot) => !spot.error)) items.push(item((ctx) => diamond(ctx, 15, 8, false), say('legend-warning', {})));
    items.push(item((ctx) => { ctx.strokeStyle = DIM; ctx.strokeRect(1, 1, 28, 14); }, say('legend-dim', {})));
    host.replaceChildren(...items);
  }
}

function isSpeck(box, whole) {
  return 4 * Math.max(box[2] - box[0], box[3] - box[1]) < Math.max(whole[2] - whole[0], whole[3] - whole[1]);
}

function swatch(draw) {
  const canvas = el('canvas', { class: 'swatch', 'aria-hidden': 'true' });
  draw(prepared(canvas, 30, 16, 3));
  return canvas;
}

function northArrow() {
  const made = document.createElementNS(SVG, 'svg');
  made.setAttribute('viewBox', '0 0 30 44');
  made.setAttribute('class', 'north');
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', say('north-up', {}));
  for (const [d, kind] of [['M15 3 24 29 15 23.5Z', 'dark'], ['M15 3 6 29 15 23.5Z', 'light']]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    path.setAttribute('class', kind);
    made.append(path);
  }
  const letter = document.createElementNS(SVG, 'text');
  letter.setAttribute('x', '15');
  letter.setAttribute('y', '42');
  letter.textContent = say('north', {});
  made.append(letter);
  return made;
}

function findingsBySubject() {
  const found = new Map();
  report.findings.subject.forEach((subject, f) => {
    if (found.has(subject)) found.get(subject).push(f); else found.set(subject, [f]);
  });
  return found;
}

function verdictsOf({ kind, i }) {
  return kind.rules.map((rule, line) => [rule, kind.verdicts[line * kind.count + i]]);
}

function verdictItem(rule, verdict, f) {
  return el('li', { class: verdict === 4 ? 'aside' : null }, el('p', {}, chip(verdict)), ruleLink(rule), f === undefined ? null : [told(f), sum(f)]);
}
