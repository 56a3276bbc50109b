/** The box where people write. */

import { el, icon } from './dom.js';

/** As many as the server takes: a shorter limit would cut what is pasted, and say nothing. */
const MAX_CHARS = 10000;

/**
 * @param {import('./labels.js').Labels} labels
 * @param {() => void} submit
 * @returns {{form: HTMLFormElement, textarea: HTMLTextAreaElement}}
 */
export function writer(labels, submit) {
  const textarea = el('textarea', {
    id: 'draft',
    rows: '1',
    dir: 'auto',
    maxlength: String(MAX_CHARS),
    autocomplete: 'off',
    // Some browsers, and some of their extensions, send what is typed away to check, finish
    // or translate it.
    spellcheck: 'false',
    writingsuggestions: 'false',
    translate: 'no',
    'data-gramm': 'false',
    'data-enable-grammarly': 'false',
    enterkeyhint: 'send',
    onkeydown: (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      submit();
    },
  });
  const send = el('button', { class: 'send', type: 'submit' }, icon('send'));
  const onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  const form = el(
    'form',
    { class: 'writer', onsubmit },
    labels.text('message_label', 'label', { for: 'draft' }),
    el('div', { class: 'field' }, labels.name(textarea, 'message_label', 'placeholder'), labels.name(send, 'send')),
  );
  return { form, textarea };
}
