/** What is printed: built in the page from what was ticked, never sent, never kept. */

import { el, lines, sheet, withNumbers } from './dom.js';
import printCss from './generated/print.min.css';
import { isAnswer } from './messages.js';
import { asTag } from './strings.js';

/** While it is there, printing shows nothing of the page but the summary. */
const HIDE_PAGE = '@media print{body>:not(waymark-summary){display:none!important}}';

export class Summary {
  /** The last card that was made to be shown to others: text, language, dir. */
  card = null;
  /** Question to chosen labels; a question answered again keeps its last answer. */
  #answers = new Map();
  #remove = null;

  add(question, ids, labels) {
    const kept = labels.filter((_, at) => isAnswer(ids[at]));
    if (!kept.length) return;
    this.#answers.delete(question);
    this.#answers.set(question, kept);
  }

  clear() {
    this.card = null;
    this.#answers.clear();
    if (this.#remove) this.#remove();
  }

  /** @param {import('./strings.js').Strings} strings */
  print(strings) {
    this.#show(strings, this.#told(strings));
    window.print();
  }

  /** For a page that is being printed: the numbers and the card, unless the summary is. */
  showNumbers(strings) {
    if (!this.#remove) this.#show(strings, []);
  }

  #show(strings, told) {
    if (this.#remove) this.#remove();
    const host = el('waymark-summary', { lang: asTag(strings.language), dir: strings.dir });
    const root = host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet(printCss)];
    root.append(el('section', {}, ...told, ...this.#card(), ...this.#numbers(strings)));
    const hider = sheet(HIDE_PAGE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, hider];
    document.body.append(host);

    this.#remove = () => {
      window.removeEventListener('afterprint', this.#remove);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== hider);
      host.remove();
      this.#remove = null;
    };
    window.addEventListener('afterprint', this.#remove);
  }

  #told(strings) {
    const { dir } = strings;
    const questions = [...this.#answers].map(([question, labels]) => [
      el('dt', {}, ...lines(question, dir)),
      ...labels.map((label) => el('dd', {}, ...lines(label, dir))),
    ]);
    return [
      el('h1', {}, strings.get('summary_title')),
      el('p', {}, strings.get('summary_note')),
      questions.length ? el('dl', {}, ...questions.flat()) : el('p', {}, strings.get('summary_empty')),
    ];
  }

  #card() {
    if (!this.card) return [];
    const { text, language, dir } = this.card;
    return [el('p', { lang: asTag(language), dir }, ...lines(text, dir))];
  }

  #numbers(strings) {
    return [
      el('h2', {}, strings.get('numbers')),
      el('ul', {}, ...strings.numbers.map(({ label }) => el('li', {}, el('bdi', {}, ...withNumbers(label))))),
    ];
  }
}
