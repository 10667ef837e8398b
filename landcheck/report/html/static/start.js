// The page comes to life: lists first, then the map.

let atlas = null;
let tables = [];
let mainList = null;

function takeIn(data) {
  texts = data.texts;
  words = data.verdicts;
  Object.assign(report, { subjects: data.subjects, findings: data.findings, pool: data.pool, rules: data.rules, parks: data.parks });
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
  tellPark(form);
  const values = { shown: count(found.length), all: count(report.findings.rule.length) };
  const drawn = atlas ? atlas.filtered(found) : 0;
  document.getElementById('shown').textContent = atlas
    ? say('shown-on-map', { ...values, drawn: count(drawn) })
    : say('shown', values);
}

// Over the list of findings which park alone it shows.
function tellPark(form) {
  const all = el('button', { type: 'button', class: 'quiet', onclick: () => toPark(form, -1) }, say('all-parks', {}));
  const told = filter.park < 0 ? [] : [say('only-park', { park: report.parks[filter.park] }), ' ', all];
  document.getElementById('only-park').replaceChildren(...told);
}

// A park's name where it is added up leads to its findings: the list and the map show those alone.
function startParks(form) {
  const select = form.elements['filter-park'];
  for (const cell of document.querySelectorAll('#rollups .named')) {
    const park = parkOf(cell.textContent);
    if (select && park >= 0) {
      const link = el('a', { href: '#h-findings', title: say('to-park', {}), onclick: () => toPark(form, park) });
      link.append(...cell.childNodes);
      cell.append(link);
    }
  }
}

// A park is called by its id, or by its id and its name.
function parkOf(text) {
  const whole = report.parks.indexOf(text);
  return whole >= 0 ? whole : report.parks.findIndex((id) => text.startsWith(`${id} `));
}

function toPark(form, park) {
  form.reset();
  form.elements['filter-park'].value = String(park);
  applyFilter();
}

function startFilter() {
  const form = document.getElementById('filter');
  const later = calmly(applyFilter, 180);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', applyFilter);
  form.elements['filter-text'].addEventListener('input', later);
  form.addEventListener('reset', () => setTimeout(applyFilter));
  startParks(form);
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
