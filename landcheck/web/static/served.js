'use strict';

/* Without this script the page works all the same: files are chosen, progress comes by loading the page again. */

const drop = document.querySelector('.drop');
if (drop) {
  const input = drop.querySelector('input[type=file]');
  const fits = () => {
    const octets = Array.from(input.files).reduce((sum, file) => sum + file.size, 0);
    const trouble = drop.querySelector('.trouble');
    trouble.hidden = octets <= Number(drop.dataset.most);
    trouble.textContent = trouble.hidden ? '' : drop.dataset.told;
    return trouble.hidden;
  };
  const take = (files) => {
    if (!files.length) return;
    input.files = files;
    if (fits()) drop.requestSubmit();
  };
  /* The files of a folder; it is read in pieces until an empty one comes. */
  const inside = (entry) => new Promise((done, wrong) => {
    if (entry.isFile) {
      entry.file((file) => done([file]), wrong);
      return;
    }
    const reader = entry.createReader();
    const found = [];
    const more = () => reader.readEntries((some) => {
      if (some.length) {
        found.push(...some);
        more();
      } else {
        Promise.all(found.map(inside)).then((files) => done(files.flat()), wrong);
      }
    }, wrong);
    more();
  });
  drop.addEventListener('submit', (event) => { if (!fits()) event.preventDefault(); });
  for (const name of ['dragenter', 'dragover']) {
    document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  document.addEventListener('dragleave', () => drop.classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
    const given = event.dataTransfer.files;
    if (!entries.some((entry) => entry.isDirectory)) {
      take(given);
      return;
    }
    const all = new DataTransfer();
    Promise.all(entries.map(inside)).then((found) => {
      found.flat().forEach((file) => all.items.add(file));
      take(all.files);
    });
  });
}

document.documentElement.dataset.ready = 'yes';

const working = document.getElementById('working');
if (working) {
  const text = document.getElementById('text');
  const bar = working.querySelector('progress');
  const look = async () => {
    try {
      const state = await (await fetch('/state')).json();
      if (state.over) {
        window.location.replace('/working');
        return;
      }
      if (text.textContent !== state.text) text.textContent = state.text;
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
      } else {
        bar.removeAttribute('value');
      }
    } catch (error) {
      window.location.replace('/working');
      return;
    }
    setTimeout(look, 500);
  };
  setTimeout(look, 300);
}
