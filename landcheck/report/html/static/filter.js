// Which rule, which verdicts, which words: one filter for the map and the list.

const filter = { rule: -1, verdicts: new Set([0, 1, 2, 3, 4]), text: '' };
// By verdict: the graver one is what a parcel is drawn with.
const GRAVITY = [1, 2, 3, 4, 0];

function readFilter(form) {
  filter.rule = Number(form.elements['filter-rule'].value);
  filter.text = form.elements['filter-text'].value.trim().toLowerCase();
  filter.verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => Number(box.value)));
}

function matchingFindings() {
  const { rule, verdict } = report.findings;
  const found = [];
  for (let f = 0; f < rule.length; f += 1) {
    if (filter.rule >= 0 && rule[f] !== filter.rule) continue;
    if (!filter.verdicts.has(verdict[f])) continue;
    if (filter.text && !textOf(f).toLowerCase().includes(filter.text)) continue;
    found.push(f);
  }
  return found;
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
