// The lists of the page: findings, all and rule by rule; data findings; the green ledger.

function hasMap() {
  return Boolean(document.getElementById('octets'));
}

// A subject as a button that leads to it on the map, as plain text where there is no map. The map itself comes after
// the lists, so they are given a function that tells it.
function subjectCell(atlas, subject) {
  const small = [rowWords(subject), parkWords(subject)].map((words) => (words ? el('small', {}, words) : null));
  const name = clipped(subjectName(subject));
  if (!hasMap()) return el('div', {}, name, small);
  const button = el('button', { type: 'button', class: 'go', title: say('show', {}), onclick: () => atlas().goTo(subject, button) }, name);
  return el('div', {}, button, small);
}

function verdictColumn() {
  const { verdict } = report.findings;
  return { head: say('verdict', {}), class: 'c-verdict', cell: (f) => chip(verdict[f]), order: (f) => -GRAVITY[verdict[f]] };
}

function subjectColumn(atlas) {
  const { subject } = report.findings;
  return { head: say('subject-head', {}), class: 'c-subject', cell: (f) => subjectCell(atlas, subject[f]), order: (f) => report.subjects.id[subject[f]] };
}

function allFindings(atlas) {
  const { rule, margin } = report.findings;
  const verdicts = verdictColumn();
  return new PagedTable(document.getElementById('findings'), [
    verdicts,
    { head: say('rule', {}), class: 'c-rule', cell: (f) => ruleLink(rule[f]), order: (f) => rule[f] },
    { head: say('clause', {}), class: 'c-clause', cell: (f) => report.rules[rule[f]].clause, order: (f) => rule[f] },
    subjectColumn(atlas),
    { head: say('found', {}), class: 'c-found', cell: told, order: (f) => margin[f] },
  ], { label: say('findings', {}), rows: sifted().found, detail, sortedBy: verdicts, class: 'cards' });
}

function findingsOfRule(host, rows, atlas) {
  const { margin, remedy } = report.findings;
  const verdicts = verdictColumn();
  return new PagedTable(host, [
    verdicts,
    subjectColumn(atlas),
    { head: say('sum', {}), below: sumHeads(), class: 'c-sum', cell: sum, order: (f) => margin[f] },
    { head: say('remedy', {}), class: 'c-remedy', cell: (f) => clipped(pooled(remedy[f])) },
  ], { label: report.rules[report.findings.rule[rows[0]]].title, rows, searched: textOf, sortedBy: verdicts, class: 'cards', size: 10 });
}

function findingsByRule(atlas) {
  const rows = report.rules.map(() => []);
  report.findings.rule.forEach((rule, f) => rows[rule].push(f));
  return [...document.querySelectorAll('[data-rule]')].filter((host) => rows[host.dataset.rule].length)
    .map((host) => findingsOfRule(host, rows[host.dataset.rule], atlas));
}

function dataFindings(data, atlas) {
  const host = document.getElementById('faults');
  if (!host) return [];
  const { level, word, rule, subject, who, message, place, spot } = data;
  const go = (i) => {
    const lead = () => (spot[i] ? atlas().goToSpot(i, button) : atlas().goTo(who[i], button));
    const button = el('button', { type: 'button', class: 'go', onclick: lead }, say('show', {}));
    return button;
  };
  const led = (i) => hasMap() && (spot[i] || (who[i] !== null && isDrawn(data.kinds, who[i])));
  const where = (i) => el('div', {}, led(i) ? go(i) : null, place[i] ? el('small', {}, placeWords(place[i])) : null, led(i) || place[i] ? null : '—');
  return [new PagedTable(host, [
    { head: say('level', {}), class: 'c-level', cell: (i) => el('span', { class: `level ${level[i]}` }, word[i]), order: (i) => level[i] },
    { head: say('rule', {}), class: 'c-code', cell: (i) => el('code', {}, rule[i]), order: (i) => rule[i] },
    { head: say('subject-head', {}), class: 'c-subject', cell: (i) => clipped(subject[i]), order: (i) => subject[i] },
    { head: say('message', {}), class: 'c-found', cell: (i) => clipped(message[i]) },
    { head: say('where', {}), class: 'c-where', cell: where },
  ], {
    label: say('data-findings', {}), rows: level.map((_, i) => i), class: 'cards',
    searched: (i) => `${word[i]}\n${rule[i]}\n${subject[i]}\n${message[i]}`,
  })];
}

function plainTable(id, table, text) {
  const host = document.getElementById(id);
  if (!host) return [];
  const columns = table.heads.map((head, i) => {
    const number = table.numbers.includes(i);
    return { head, number, cell: (row) => (number ? row[i] : clipped(row[i])), order: (row) => (number ? numberIn(row[i]) : row[i]) };
  });
  return [new PagedTable(host, columns, { label: text, rows: table.rows, searched: (row) => row.join('\n') })];
}
