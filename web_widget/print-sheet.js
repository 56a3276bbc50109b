/** What is printed: built in the page, never sent, never kept. */

import { el, lines, sheet, withNumbers } from './dom.js';
import printCss from './generated/print.min.css';
import { asTag } from './strings.js';

/** While it is there, printing shows nothing of the page but this. */
const HIDE_PAGE = '@page{size:A4;margin:18mm}@media print{body>:not(waymark-sheet){display:none!important}}';

export class PrintSheet {
  /** The last card that was made to be shown to others: text, language, dir. */
  card = null;
  #remove = null;

  clear() {
    this.card = null;
    if (this.#remove) this.#remove();
  }

  /**
   * @param {import('./strings.js').Strings} strings
   * @param {Node[]} parts what stands above the card and the numbers
   * @param {string} css their style
   */
  print(strings, parts, css) {
    this.#show(strings, parts, css);
    window.print();
  }

  /** For a page that is being printed: the numbers and the card, unless more is. */
  showNumbers(strings) {
    if (!this.#remove) this.#show(strings, [], '');
  }

  #show(strings, parts, css) {
    if (this.#remove) this.#remove();
    const host = el('waymark-sheet', { lang: asTag(strings.language), dir: strings.dir });
    const root = host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet(printCss + css)];
    root.append(...parts, ...this.#card(), ...this.#numbers(strings));
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
