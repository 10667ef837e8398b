// A table of any length, of which only a page is in the document: sorted by its heads, searched, turned over.

const PAGE_SIZES = [10, 25, 100, 500];
const ON_PAPER = 60;

class PagedTable {
  // columns: {head, below (stands under the head), cell(row) -> node or text, order(row) -> number, text or null, number, class};
  // options: {label, rows, size, sortedBy, searched(row) -> text, detail(row) -> node, empty}
  constructor(host, columns, options) {
    Object.assign(this, { host, columns, options, page: 0, size: options.size || 25, sorted: null, down: false, wanted: '' });
    this.open = new Set();
    this.rows = options.rows;
    this.least = this.size;
    this.build();
    if (options.sortedBy) this.sortBy(options.sortedBy); else this.refresh();
  }

  build() {
    const { label, searched } = this.options;
    this.order = el('select', { onchange: () => this.orderBy(...this.order.value.split(' ')) }, this.orders());
    this.status = el('p', { class: 'status', role: 'status' });
    this.search = el('input', { type: 'search', autocomplete: 'off', oninput: calmly(() => this.look(), 150) });
    const tools = el('div', { class: 'tools' },
      searched && this.rows.length > PAGE_SIZES[0] ? el('label', { class: 'search' }, el('span', {}, say('search', {})), this.search) : null,
      this.options.class ? el('label', { class: 'order' }, el('span', {}, say('sort', {})), this.order) : null, this.status);
    this.head = el('tr', { role: 'row' }, this.columns.map((column) => this.headCell(column)));
    if (this.options.detail) this.head.append(el('td', { role: 'cell', class: 'more' }));
    this.body = el('tbody', { role: 'rowgroup' });
    this.table = el('table', { class: `grid ${this.options.class || ''}`, role: 'table' },
      el('caption', { class: 'unseen' }, label), el('thead', { role: 'rowgroup' }, this.head), this.body);
    this.pager = el('nav', { class: 'pager', 'aria-label': say('pages-of', { table: label }) });
    const scroll = el('div', { class: 'scroll', role: 'group', 'aria-label': label }, this.table);
    if (!this.options.class) scroll.tabIndex = 0;
    this.rest = el('p', { class: 'rest' });
    this.host.replaceChildren(tools, scroll, this.rest, this.pager);
  }

  headCell(column) {
    const attributes = { scope: 'col', role: 'columnheader', class: column.class || (column.number ? 'number' : null) };
    if (!column.order) return el('th', attributes, column.head, column.below);
    const button = el('button', { type: 'button', onclick: () => this.sortBy(column) }, column.head);
    column.headCell = el('th', { ...attributes, 'aria-sort': 'none' }, button, column.below);
    return column.headCell;
  }

  // Where rows are cards there are no heads to sort by: each column upwards and downwards to choose from.
  orders() {
    return this.columns.flatMap((column, place) => (column.order ? ['▲', '▼'].map((mark, down) => el('option', { value: `${place} ${down}` }, `${column.head} ${mark}`)) : []));
  }

  orderBy(place, down) {
    this.sorted = this.columns[place];
    this.down = down === '0';
    this.sortBy(this.sorted);
  }

  sortBy(column) {
    this.down = this.sorted === column && !this.down;
    this.sorted = column;
    this.order.value = `${this.columns.indexOf(column)} ${Number(this.down)}`;
    for (const one of this.columns) if (one.headCell) one.headCell.setAttribute('aria-sort', 'none');
    column.headCell.setAttribute('aria-sort', this.down ? 'descending' : 'ascending');
    this.page = 0;
    this.refresh();
  }

  look() {
    this.wanted = this.search.value.trim().toLowerCase();
    this.page = 0;
    this.refresh();
  }

  setRows(rows) {
    this.rows = rows;
    this.page = 0;
    this.refresh();
  }

  // Sort and search anew, then show.
  refresh() {
    const { searched } = this.options;
    let rows = this.rows;
    if (this.wanted && searched) rows = rows.filter((row) => searched(row).toLowerCase().includes(this.wanted));
    if (this.sorted) rows = inOrder(rows, this.sorted.order, this.down);
    this.listed = rows;
    this.show(this.size);
  }

  show(size) {
    const pages = Math.max(1, Math.ceil(this.listed.length / size));
    this.page = Math.min(this.page, pages - 1);
    const from = this.page * size;
    this.body.replaceChildren(...this.listed.slice(from, from + size).flatMap((row) => this.rowsOf(row)));
    if (!this.listed.length) this.body.append(this.emptyRow());
    const told = this.listed.length === this.rows.length ? 'rows' : 'rows-of';
    this.status.textContent = say(told, { count: count(this.listed.length), all: count(this.rows.length) });
    this.rest.textContent = '';
    this.pager.replaceChildren(...(this.listed.length > this.least ? this.pagerParts(pages) : []));
  }

  emptyRow() {
    const cell = el('td', { role: 'cell', colSpan: this.columns.length, class: 'none' }, this.options.empty || say('none', {}));
    return el('tr', { role: 'row' }, cell);
  }

  rowsOf(row) {
    const cells = this.columns.map((column) => el('td', {
      role: 'cell', class: column.class || (column.number ? 'number' : null), 'data-head': column.head,
    }, column.cell(row)));
    if (!this.options.detail) return [el('tr', { role: 'row' }, cells)];
    const detail = el('tr', { role: 'row', class: 'detail', hidden: !this.open.has(row) });
    cells.push(el('td', { role: 'cell', class: 'more' }, this.toggle(row, detail)));
    if (this.open.has(row)) this.fill(detail, row);
    return [el('tr', { role: 'row' }, cells), detail];
  }

  toggle(row, detail) {
    const button = el('button', {
      type: 'button', class: 'quiet', 'aria-expanded': String(this.open.has(row)),
      onclick: () => {
        detail.hidden = !detail.hidden;
        if (detail.hidden) this.open.delete(row); else this.open.add(row);
        button.setAttribute('aria-expanded', String(!detail.hidden));
        if (!detail.hasChildNodes()) this.fill(detail, row);
      },
    }, say('detail', {}));
    return button;
  }

  fill(detail, row) {
    detail.append(el('td', { role: 'cell', colSpan: this.columns.length + 1 }, this.options.detail(row)));
  }

  pagerParts(pages) {
    const turn = (by) => () => { this.page += by; this.show(this.size); };
    const sizes = el('select', {
      onchange: (event) => { this.size = Number(event.target.value); this.page = 0; this.show(this.size); },
    }, PAGE_SIZES.map((size) => el('option', { value: String(size), selected: size === this.size }, String(size))));
    return [
      el('button', { type: 'button', disabled: this.page === 0, onclick: turn(-1) }, say('previous', {})),
      el('span', { 'aria-live': 'polite' }, say('page-of', { page: count(this.page + 1), pages: count(pages) })),
      el('button', { type: 'button', disabled: this.page >= pages - 1, onclick: turn(1) }, say('next', {})),
      el('label', {}, `${say('page-size', {})} `, sizes),
    ];
  }

  // Paper does not turn over: as many rows as are of use on it, and how many are left.
  onPaper() {
    this.kept = this.page;
    this.page = 0;
    this.show(ON_PAPER);
    this.pager.replaceChildren();
    const left = this.listed.length - ON_PAPER;
    if (left > 0) this.rest.textContent = say('not-printed', { count: count(left) });
  }

  onScreen() {
    this.page = this.kept || 0;
    this.show(this.size);
  }
}

// A sorted copy; what has no value stands last either way.
function inOrder(rows, order, down) {
  const keyed = Array.from(rows, (row, place) => ({ row, place, key: order(row) }));
  const sign = down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
    const by = typeof a.key === 'string' ? collator.compare(a.key, b.key) : a.key - b.key;
    return sign * by || a.place - b.place;
  });
  return keyed.map((one) => one.row);
}

// The short tables that stand in the page as they are: their heads sort.
function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.filter((head) => !head.classList.contains('plain')).forEach((head) => {
    const at = head.cellIndex;
    const button = el('button', { type: 'button' }, ...head.childNodes);
    head.setAttribute('aria-sort', 'none');
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const one of heads) if (one.hasAttribute('aria-sort')) one.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      body.replaceChildren(...inOrder(body.rows, (row) => cellKey(row.cells[at]), down));
    });
  });
}

function cellKey(cell) {
  const text = cell.textContent.trim();
  return cell.classList.contains('number') ? numberIn(text) : text;
}

// The number a cell begins with, thousands apart; null where it holds none.
function numberIn(text) {
  const value = parseFloat(text.replace(/,/g, '').replace('−', '-'));
  return Number.isNaN(value) ? null : value;
}
