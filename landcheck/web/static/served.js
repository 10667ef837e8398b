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
  drop.addEventListener('submit', (event) => { if (!fits()) event.preventDefault(); });
  for (const name of ['dragenter', 'dragover']) {
    document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  document.addEventListener('dragleave', () => drop.classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    if (fits()) drop.requestSubmit();
  });
}

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
