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
    const value = field.value.trim();
    const isRight = !value || ATTRIBUTES[field.name].test(value);
    field.setAttribute('aria-invalid', String(!isRight));
    if (value && isRight) values[field.name] = value;
  }
  return values;
}

function tag(values) {
  const attributes = Object.entries(values).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<script src="${origin}/widget.js" defer${attributes.join('')}></script>`;
}

function frameAddress(values) {
  const taken = form.dataset.framed.split(' ');
  const query = new URLSearchParams(Object.entries(values).filter(([name]) => taken.includes(name)));
  return `${origin}/embed?${query}`.replace(/\?$/, '');
}

function colourNote({ accent }) {
  if (!accent) return '';
  return isReadable(accent) ? form.dataset.readable : form.dataset.unreadable;
}

function show() {
  const values = chosen();
  const address = frameAddress(values);
  document.querySelector('#tag').textContent = tag(values);
  document.querySelector('#frame').textContent =
    `<iframe src="${escaped(address)}" title="Chat" style="width: 100%; height: 36rem" referrerpolicy="no-referrer"></iframe>`;
  document.querySelector('#colour-note').textContent = colourNote(values);
  const preview = document.querySelector('iframe');
  if (preview.src !== address) preview.src = address;
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
