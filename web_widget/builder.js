/** The builder page (bot/channels/templates/builder.html): shows the tag while a host chooses. */

import { isReadable } from './colours.js';
import { ATTRIBUTES } from './generated/attributes.js';

const form = document.querySelector('form');
const { origin } = window.location;

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** What was filled in, by attribute; what can't be right is told and left out. */
function chosen() {
  const values = {};
  for (const field of form.elements) {
    if (!(field.name in ATTRIBUTES) || field.disabled) continue;
    const value = field.type === 'checkbox' ? field.checked : field.value.trim();
    const isRight = value === true || !value || ATTRIBUTES[field.name].test(value);
    field.setAttribute('aria-invalid', String(!isRight));
    if (value && isRight) values[field.name] = value;
  }
  return values;
}

function tag(values) {
  const attributes = Object.entries(values).map(([name, value]) =>
    value === true ? ` data-${name}` : ` data-${name}="${escaped(value)}"`,
  );
  return `<script src="${origin}/widget.js" defer${attributes.join('')}></script>`;
}

function frame(values) {
  const wanted = new URLSearchParams(Object.entries(values).filter(([name]) => form.dataset.framed.split(' ').includes(name)));
  const query = wanted.size ? `?${wanted}` : '';
  return `${origin}/embed${query}`;
}

function colourNote({ accent }) {
  if (!accent) return '';
  return isReadable(accent) ? form.dataset.readable : form.dataset.unreadable;
}

function show() {
  const values = chosen();
  document.querySelector('#tag').textContent = tag(values);
  document.querySelector('#frame').textContent =
    `<iframe src="${escaped(frame(values))}" title="Chat" allow="" referrerpolicy="no-referrer"></iframe>`;
  document.querySelector('#colour-note').textContent = colourNote(values);
  const preview = document.querySelector('iframe');
  if (preview.getAttribute('src') !== frame(values)) preview.src = frame(values);
}

async function copy({ currentTarget }) {
  const said = document.querySelector('#copied');
  try {
    await navigator.clipboard.writeText(document.querySelector(`#${currentTarget.value}`).textContent);
    said.textContent = currentTarget.dataset.done;
  } catch {
    said.textContent = currentTarget.dataset.failed;
  }
}

form.addEventListener('change', show);
form.addEventListener('submit', (event) => event.preventDefault());
for (const button of document.querySelectorAll('button[value]')) button.addEventListener('click', copy);
show();
