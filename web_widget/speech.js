/** Reads a message aloud, with a voice that is on the device; never with one of the network. */

import { asTag } from './strings.js';

const synthesis = window.speechSynthesis;
/** A phone number, or one of three digits: read digit by digit. */
const NUMBER = /\d[\d\u00a0 ]{5,}\d|\b\d{3}\b/g;

/** The device's own voice for a language; undefined when there is none. */
export function voiceFor(language) {
  const primary = language.split('_')[0];
  const ours = (synthesis ? synthesis.getVoices() : []).filter(
    ({ localService, lang }) => localService && lang.split(/[-_]/)[0].toLowerCase() === primary,
  );
  return ours.find(({ lang }) => lang === asTag(language)) || ours[0];
}

/** One voice at a time. */
export class Speech {
  #over = null;

  /** Browsers fetch the list of voices when it is first asked for: ask before it is needed. */
  constructor() {
    voiceFor('');
  }

  /**
   * @param {string} text
   * @param {string} language
   * @param {() => void} over called when it ends, by itself or not
   */
  say(text, language, over) {
    this.stop();
    const voice = voiceFor(language);
    if (!voice) return over();
    const spoken = new SpeechSynthesisUtterance(text.replace(NUMBER, (digits) => [...digits].join(' ')));
    Object.assign(spoken, { voice, lang: voice.lang, rate: 0.9, onend: () => this.#end(over), onerror: () => this.#end(over) });
    this.#over = over;
    synthesis.speak(spoken);
  }

  stop() {
    if (!this.#over) return;
    synthesis.cancel();
    this.#end(this.#over);
  }

  #end(over) {
    if (this.#over !== over) return;
    this.#over = null;
    over();
  }
}
