// Which rule, which park, which verdicts, which words: one filter for the map and the list.

const filter = { rule: -1, park: -1, verdicts: new Set([0, 1, 2, 3, 4]), text: '' };
// By verdict: the graver one is what a parcel is drawn with.
const GRAVITY = [1, 2, 3, 4, 0];

function readFilter(form) {
  filter.rule = Number(form.elements['filter-rule'].value);
  filter.park = Number(form.elements['filter-park']?.value ?? -1);
  filter.text = form.elements['filter-text'].value.trim().toLowerCase();
  filter.verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => Number(box.value)));
}

// The findings that the filter lets through, and how many each verdict, rule and park would let through beside the rest.
function sifted() {
  const { rule, verdict, subject } = report.findings;
  const { park } = report.subjects;
  const found = [];
  const byVerdict = words.map(() => 0);
  const byRule = report.rules.map(() => 0);
  const byPark = report.parks.map(() => 0);
  for (let f = 0; f < rule.length; f += 1) {
    if (filter.text && !textOf(f).toLowerCase().includes(filter.text)) continue;
    const ofRule = filter.rule < 0 || rule[f] === filter.rule;
    const ofVerdict = filter.verdicts.has(verdict[f]);
    const ofPark = filter.park < 0 || park[subject[f]] === filter.park;
    if (ofRule && ofPark) byVerdict[verdict[f]] += 1;
    if (ofVerdict && ofPark) byRule[rule[f]] += 1;
    if (ofRule && ofVerdict && park[subject[f]] >= 0) byPark[park[subject[f]]] += 1;
    if (ofRule && ofVerdict && ofPark) found.push(f);
  }
  return { found, byVerdict, byRule, byPark };
}

// A verdict or a rule of which no finding is listed has no number: the summary counts it.
function tellNumbers(form, { byVerdict, byRule, byPark }) {
  const { rule, verdict } = report.findings;
  const listed = { rule: new Set(rule), verdict: new Set(verdict) };
  for (const of of form.querySelectorAll('[data-verdict]')) {
    const one = Number(of.dataset.verdict);
    of.textContent = listed.verdict.has(one) ? count(byVerdict[one]) : '';
  }
  numbered(form.elements['filter-rule'], (one) => (listed.rule.has(one) ? byRule[one] : undefined));
  numbered(form.elements['filter-park'], (one) => byPark[one]);
}

function numbered(select, numberOf) {
  for (const option of select?.options ?? []) {
    option.dataset.name ??= option.textContent;
    const number = numberOf(Number(option.value));
    option.textContent = number === undefined ? option.dataset.name : `${option.dataset.name} (${count(number)})`;
  }
}

// For each drawn subject of a kind the gravest verdict that the filter lets through, -1 where there is none.
function shownVerdicts(kind, found) {
  const shown = new Int8Array(kind.count).fill(-1);
  const named = filter.text || filter.park >= 0 ? subjectsNamed(kind, found) : null;
  kind.rules.forEach((rule, line) => {
    if (filter.rule >= 0 && rule !== filter.rule) return;
    for (let i = 0; i < kind.count; i += 1) {
      const verdict = kind.verdicts[line * kind.count + i];
      const graver = shown[i] < 0 || GRAVITY[verdict] > GRAVITY[shown[i]];
      if (graver && filter.verdicts.has(verdict) && (!named || named.has(kind.first + i))) shown[i] = verdict;
    }
  });
  return shown;
}

// The subjects of the park whose number holds the words, or of whom a matching finding speaks.
function subjectsNamed(kind, found) {
  const named = new Set(found.map((f) => report.findings.subject[f]));
  for (let i = kind.first; i < kind.first + kind.count; i += 1) {
    const ofPark = filter.park < 0 || report.subjects.park[i] === filter.park;
    if (ofPark && report.subjects.id[i].toLowerCase().includes(filter.text)) named.add(i);
  }
  return named;
}
