// One finding in the page: its sum, what it lacks, and where it lies.

// Shared by all parts of the page; set once, when the data is unpacked.
const report = { subjects: null, findings: null, pool: null, rules: null, parks: null };

function pooled(place) {
  return report.pool[place];
}

function subjectName(subject) {
  const { kind, id } = report.subjects;
  return say('subject', { kind: pooled(kind[subject]), id: id[subject] });
}

function rowWords(subject) {
  const { row } = report.subjects;
  const at = row[subject];
  return typeof at === 'string' ? at : at ? say('row', { row: at }) : '';
}

// The park of a parcel; a park's own number is its name.
function parkWords(subject) {
  const { park, id } = report.subjects;
  const name = report.parks[park[subject]];
  return name === undefined || name === id[subject] ? '' : say('in-park', { park: name });
}

function ruleLink(rule) {
  const { id, title } = report.rules[rule];
  return el('div', { class: 'rule-name' }, el('a', { href: `#rule-${id}` }, title), el('code', {}, id));
}

const LONG_TEXT = 300;

// A long text scrolls in its box, by the keyboard too.
function clipped(text, kind) {
  return el('div', { class: `text ${kind || ''}`, tabIndex: text.length > LONG_TEXT ? 0 : null }, text);
}

// What a finding says and asks for.
function told(f) {
  const { message, remedy } = report.findings;
  const asked = pooled(remedy[f]);
  return el('div', {}, clipped(pooled(message[f]), 'said'), asked ? clipped(say('to-do', { remedy: asked }), 'remedy') : null);
}

const SUM_HEADS = ['requirement', 'measured', 'limit', 'margin'];

function sumHeads() {
  return el('div', { class: 'line heads' }, SUM_HEADS.map((code) => el('span', {}, say(code, {}))));
}

// The comparison of every requirement, and the facts that are missing with the document that has them.
function sum(f) {
  const lines = report.findings.sum[f].map(sumLine);
  const missing = report.findings.missing[f];
  const lacking = missing.length
    ? el('div', { class: 'missing' }, el('strong', {}, say('missing', {})), el('ul', {}, missing.map((m) => el('li', {}, pooled(m)))))
    : null;
  const areas = pooled(report.findings.areas[f]);
  return el('div', { class: 'sum' }, lines.length ? el('div', { role: 'list' }, lines) : null, lacking, areas ? el('p', { class: 'areas' }, areas) : null);
}

function sumLine([verdict, label, measured, limit, margin]) {
  const name = verdict < 0
    ? el('span', {}, pooled(label))
    : el('span', {}, icon(verdict), el('span', { class: 'unseen' }, words[verdict]), ` ${pooled(label)}`);
  const values = [measured, limit, margin].map((place, i) => (pooled(place)
    ? el('span', {}, el('span', { class: 'of' }, say(SUM_HEADS[i + 1], {})), pooled(place))
    : el('span', { class: 'empty' })));
  return el('div', { role: 'listitem', class: `line ${verdict < 0 ? 'way' : `v${verdict}`}${pooled(margin) ? '' : ' open'}` }, name, values);
}

function placeWords(place) {
  return say('place', { lon: place[0].toFixed(6), lat: place[1].toFixed(6) });
}

function detail(f) {
  const place = report.findings.place[f];
  return el('div', { class: 'detail-body' }, report.findings.sum[f].length ? sumHeads() : null, sum(f), place ? el('p', { class: 'note' }, placeWords(place)) : null);
}

function textOf(f) {
  const { rule, subject, message } = report.findings;
  const { id, title } = report.rules[rule[f]];
  return `${report.subjects.id[subject[f]]}\n${parkWords(subject[f])}\n${pooled(message[f])}\n${id}\n${title}`;
}
