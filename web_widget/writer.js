/** The box where people write. */

import { box } from './box.js';
import { el, icon } from './dom.js';

/**
 * @param {import('./labels.js').Labels} labels
 * @param {() => void} submit
 * @returns {{form: HTMLFormElement, textarea: HTMLTextAreaElement}}
 */
export function writer(labels, submit) {
  const textarea = box({
    id: 'draft',
    rows: '1',
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
