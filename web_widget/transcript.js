/** What has been said: draws it, and forgets it. Kept on the screen and in memory only. */

import { el } from './dom.js';
import { spokenText } from './listen.js';
import { endButtons, ownMessage, replyMessage } from './messages.js';
import { PrintSheet } from './print-sheet.js';

export class Transcript {
  /** What a worker has beside the chat (aid.js), once it was fetched. */
  aid = null;
  #view;
  #strings;
  #act;
  #choices = [];
  #paper = new PrintSheet();

  /**
   * @param {import('./view.js').View} view
   * @param {import('./strings.js').Strings} strings
   * @param {object} act see replyMessage() and endButtons()
   */
  constructor(view, strings, act) {
    this.#view = view;
    this.#strings = strings;
    this.#act = { ...act, t: (key) => strings.get(key), onPrint: () => (this.aid || this).print() };
  }

  /** A message of the person, not yet shown. */
  own(text) {
    return ownMessage(text, this.#strings, this.#act.t);
  }

  /**
   * Show replies; each is one addition to the log, so that each is announced once. The last has
   * a button that reads all of them aloud.
   * @param {object[]} replies
   * @param {{language: string, dir: 'ltr'|'rtl'}} turn
   * @param {HTMLElement} [before] a message that moves below them
   */
  show(replies, turn, before) {
    const aloud = replies.map(spokenText).join('\n');
    const drawn = replies.map((reply, at) => replyMessage(reply, turn, this.#act, at === replies.length - 1 && aloud));
    const offered = drawn.map(({ choices }) => choices).filter(Boolean);
    if (offered.length) {
      this.close();
      this.#choices = offered;
    }
    if (!drawn.length) return;
    for (const end of this.#view.log.querySelectorAll('.end')) end.remove();
    if (this.aid) drawn.forEach(({ node, choices }, at) => this.aid.dress(replies[at], node, choices, turn));
    this.#view.append(...drawn.map(({ node }) => node));
    if (before) this.#view.log.append(before);
    for (const { text, tone, card } of replies) {
      if (tone === 'urgent') this.#view.sayNow(text);
      if (card) this.#paper.card = { text, ...turn };
    }
  }

  /** Keep an answer for a worker's notes. */
  keep({ record }, ids) {
    if (this.aid && record) this.aid.keep(record, ids);
  }

  print(parts = [], css = '') {
    this.#paper.print(this.#strings, parts, css);
  }

  /** Whatever prints the page: nothing that was said, only the numbers and the card. */
  printNumbers() {
    this.#paper.showNumbers(this.#strings);
  }

  /** Switch off the choices that were not used. */
  close() {
    this.#choices.forEach((choices) => choices.close());
  }

  /** The conversation is over: offer what can be done now, below a line if one is given. */
  end(key) {
    const line = key && el('p', { class: 'note' }, this.#strings.get(key));
    this.#view.log.append(...[line, endButtons(this.#act)].filter(Boolean));
  }

  clear() {
    this.#choices = [];
    this.#paper.clear();
    if (this.aid) this.aid.clear();
    this.#view.emptyLog();
  }
}
