/** The widget's own words: built-in ones until the server has answered, then the server's. */

import { ENGLISH, KEYS, NAMES, PHONES, WORDS } from './generated/offline.js';

const RTL = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/;

/** 'pt-BR' or 'zh_Hans' as an HTML language tag. */
export const asTag = (code) => code.replace(/_/g, '-');

/** @returns {'ltr'|'rtl'} */
export const directionOf = (code) => (RTL.test(asTag(code)) ? 'rtl' : 'ltr');

/**
 * The person's language, as well as it is known before the server is asked: the first of
 * the browser's languages that the widget has words for, else the browser's first.
 * @param {readonly string[]} wanted language tags, best first
 */
export function guessLanguage(wanted) {
  for (const tag of wanted) {
    const primary = tag.split(/[-_]/)[0].toLowerCase();
    const known = Object.keys(NAMES);
    const exact = known.find((code) => asTag(code).toLowerCase() === tag.toLowerCase());
    const near = exact || known.find((code) => code.split('_')[0] === primary);
    if (near) return near;
  }
  return wanted[0] || 'en';
}

export class Strings {
  #strings;
  #numbers;

  /** @param {string} language */
  constructor(language) {
    this.useBuiltIn(language);
  }

  /** The words that came with the script: in English if there are none in this language. */
  useBuiltIn(language) {
    const words = WORDS[language];
    this.#strings = words ? Object.fromEntries(KEYS.map((key, at) => [key, words[at]])) : {};
    this.#numbers = null;
    this.language = words ? language : 'en';
    this.dir = directionOf(this.language);
    this.languages ||= Object.entries(NAMES).map(([code, name]) => ({ code, name, dir: directionOf(code) }));
    this.isFromServer = false;
  }

  /** @param {{language: string, dir: string, strings: object, languages: object[], numbers: object[]}} answer */
  use(answer) {
    this.#strings = answer.strings;
    this.#numbers = answer.numbers;
    this.language = answer.language;
    this.dir = answer.dir;
    this.languages = answer.languages;
    this.isFromServer = true;
  }

  /** Whether every word is there in this language. */
  get isWhole() {
    return this.isFromServer || this.language === 'en';
  }

  /** The text of a key, its {names} filled in. */
  get(key, values = {}) {
    const text = this.#strings[key] || ENGLISH[key] || '';
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  /** The numbers that are always shown: the server's, or those that came with the script. */
  get numbers() {
    return this.#numbers && this.#numbers.length
      ? this.#numbers
      : PHONES.map(({ key, phone, href }) => ({ label: this.get(key, { phone }), href, kind: 'call' }));
  }
}
