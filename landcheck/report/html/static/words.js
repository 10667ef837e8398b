// Elements and sentences. Text only ever becomes text: nothing here reads markup.

let texts = {};
let words = [];

function say(code, values) {
  return texts[code].replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    const value = String(values[name]);
    if (many === undefined) return value;
    return value === '1' ? one : many;
  });
}

const grouped = new Intl.NumberFormat('en-US');

function count(n) {
  return grouped.format(n);
}

const NOT_PROPERTIES = new Set(['role', 'scope', 'for', 'colspan']);

// el('p', {class: 'note', 'aria-live': 'polite', onclick: f}, 'text', child, ...)
function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (key in made && !NOT_PROPERTIES.has(key) && !key.includes('-')) made[key] = value;
    else made.setAttribute(key === 'class' ? 'class' : key, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

function icon(verdict) {
  const made = document.createElementNS(SVG, 'svg');
  made.setAttribute('class', 'icon');
  made.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i${verdict}`);
  made.append(use);
  return made;
}

function chip(verdict) {
  return el('span', { class: `chip v${verdict}` }, icon(verdict), words[verdict]);
}

const collator = new Intl.Collator(['zh-CN', 'en'], { numeric: true });

// Runs once things have been quiet for a moment.
function calmly(action, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}
