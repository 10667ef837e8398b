// Which rule, which verdicts, which words: one filter for the map and the list.

const filter = { rule: -1, verdicts: new Set([0, 1, 2, 3, 4]), text: '' };
// By verdict: the graver one is what a parcel is drawn with.
const GRAVITY = [1, 2, 3, 4, 0];

function readFilter(form) {
  filter.rule = Number(form.elements['filter-rule'].value);
  filter.text = form.elements['filter-text'].value.trim().toLowerCase();
  filter.verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => Number(box.value)));
}

// The findings that the filter lets through, and how many each verdict and each rule would let through beside the rest.
function sifted() {
  const { rule, verdict } = report.findings;
  const found = [];
  const byVerdict = words.map(() => 0);
  const byRule = report.rules.map(() => 0);
  for (let f = 0; f < rule.length; f += 1) {
    if (filter.text && !textOf(f).toLowerCase().includes(filter.text)) continue;
    const ofRule = filter.rule < 0 || rule[f] === filter.rule;
    const ofVerdict = filter.verdicts.has(verdict[f]);
    if (ofRule) byVerdict[verdict[f]] += 1;
    if (ofVerdict) byRule[rule[f]] += 1;
    if (ofRule && ofVerdict) found.push(f);
  }
  return { found, byVerdict, byRule };
}

// A verdict or a rule of which no finding is listed has no number: the summary counts it.
function tellNumbers(form, { byVerdict, byRule }) {
  const { rule, verdict } = report.findings;
  const listed = { rule: new Set(rule), verdict: new Set(verdict) };
  for (const of of form.querySelectorAll('[data-verdict]')) {
    const one = Number(of.dataset.verdict);
    of.textContent = listed.verdict.has(one) ? count(byVerdict[one]) : '';
  }
  for (const option of form.elements['filter-rule'].options) {
    option.dataset.name ??= option.textContent;
    const one = Number(option.value);
    option.textContent = listed.rule.has(one) ? `${option.dataset.name} (${count(byRule[one])})` : option.dataset.name;
  }
}

// For each drawn subject of a kind the gravest verdict that the filter lets through, -1 where there is none.
function shownVerdicts(kind, found) {
  const shown = new Int8Array(kind.count).fill(-1);
  const named = filter.text ? subjectsNamed(kind, found) : null;
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

// The subjects whose number holds the words, or of whom a matching finding speaks.
function subjectsNamed(kind, found) {
  const named = new Set(found.map((f) => report.findings.subject[f]));
  for (let i = kind.first; i < kind.first + kind.count; i += 1) {
    if (report.subjects.id[i].toLowerCase().includes(filter.text)) named.add(i);
  }
  return named;
}
