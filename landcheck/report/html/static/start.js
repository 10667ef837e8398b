// The page comes to life: lists first, then the map.

let atlas = null;
let tables = [];
let mainList = null;

function takeIn(data) {
  texts = data.texts;
  words = data.verdicts;
  Object.assign(report, { subjects: data.subjects, findings: data.findings, pool: data.pool, rules: data.rules });
}

function startLists(data) {
  const map = () => atlas;
  mainList = allFindings(map);
  tables = [
    mainList, ...findingsByRule(map), ...dataFindings({ ...data.data, kinds: data.kinds }, map),
    ...plainTable('balance', data.tables.ledger, say('ledger', {})),
    ...plainTable('transfers', data.tables.transfers, say('transfers', {})),
  ];
  document.querySelectorAll('table[data-sortable]').forEach(makeSortable);
}

function applyFilter() {
  const form = document.getElementById('filter');
  readFilter(form);
  const { found, ...numbers } = sifted();
  tellNumbers(form, numbers);
  mainList.setRows(found);
  const values = { shown: count(found.length), all: count(report.findings.rule.length) };
  const drawn = atlas ? atlas.filtered(found) : 0;
  document.getElementById('shown').textContent = atlas
    ? say('shown-on-map', { ...values, drawn: count(drawn) })
    : say('shown', values);
}

function startFilter() {
  const form = document.getElementById('filter');
  const later = calmly(applyFilter, 180);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', applyFilter);
  form.elements['filter-text'].addEventListener('input', later);
  form.addEventListener('reset', () => setTimeout(applyFilter));
  applyFilter();
}

async function start() {
  const data = await unpackedData();
  takeIn(data);
  startLists(data);
  if (hasMap()) atlas = new Atlas(data, await unpackedKinds(data.kinds));
  startFilter();
  startPrinting(atlas, tables.filter((table) => table !== mainList));
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

start().catch((error) => {
  const trouble = document.getElementById('trouble');
  trouble.hidden = false;
  trouble.textContent = `${trouble.dataset.told} ${error}`;
  throw error;
});
