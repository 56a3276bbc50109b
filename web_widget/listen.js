/** The button that reads a text aloud; touched again, it stops. */

import { el, icon } from './dom.js';

/** A reply and its choices, as they are read aloud. */
export const spokenText = ({ text, choices = [] }) => [text, ...choices.map(({ label }) => label)].join('.\n');

/**
 * @param {string} said
 * @param {string} language
 * @param {{
 *   t: (key: string) => string,
 *   onListen: (text: string, language: string, over: () => void) => void,
 *   onSilence: () => void,
 * }} act
 */
export function listenButton(said, language, { t, onListen, onSilence }) {
  let isOn = false;
  const label = el('span', {}, t('listen'));
  const button = el('button', { class: 'plain listen', type: 'button' }, icon('listen'), label);
  const show = (isSpeaking) => {
    isOn = isSpeaking;
    label.textContent = t(isOn ? 'listen_stop' : 'listen');
  };
  button.addEventListener('click', () => {
    if (isOn) return onSilence();
    onListen(said, language, () => show(false));
    show(true);
  });
  return button;
}
