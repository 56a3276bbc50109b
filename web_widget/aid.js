/**
 * What a worker has beside the chat: handing the phone over, pausing, and notes for a referral.
 *
 * Fetched when the first question for a worker comes, so that nobody else loads it. Nothing here
 * is sent or kept: the notes are built from what was chosen, when they are printed or saved.
 */

import css from './generated/aid.min.css';
import { el, lines, sheet } from './dom.js';
import { box } from './box.js';
import { linkCards } from './links.js';
import { listenButton, spokenText } from './listen.js';
import { Notes } from './notes.js';
import { asTag } from './strings.js';
import { voiceFor } from './speech.js';

/** Language of the notes: whoever takes a referral reads it. */
const ENGLISH = 'en';

/** A question stands large; what takes several lines is to be read at leisure. */
const size = (text) => (text.includes('\n') ? 'theirs long' : 'theirs');

export class Aid {
  #chat;
  #style = sheet(css);
  #words = new Map();
  #notes = new Notes();
  /** Buttons below the last question, which go with the next one. */
  #tools = [];
  #cover = null;

  /**
   * @param {{
   *   panel: HTMLElement,
   *   exit: HTMLElement,
   *   fetchWords: (language: string) => Promise<object>,
   *   say: (text: string) => void,
   *   choose: (ids: string[], choices: object) => void,
   *   listen: (text: string, language: string, over: () => void) => void,
   *   silence: () => void,
   *   print: (parts: Node[], css: string) => void,
   *   hold: () => void,
   * }} chat what it may do there. exit: the way out, which a cover borrows. hold: let the half
   *   hour begin anew.
   */
  constructor(chat) {
    this.#chat = chat;
  }

  /** Fetch the words that replies in this language, and beside it, will need. */
  async prepare(language, replies) {
    const sides = replies.flatMap(({ sides: each = [] }) => each);
    const wanted = new Set([language, ENGLISH, ...sides.map((side) => side.language)]);
    await Promise.all([...wanted].map((each) => this.#fetch(each)));
  }

  /** Add to a reply that is drawn what a worker needs beside it. */
  dress(reply, node, choices, turn) {
    if (reply.choices.length) this.#dropTools();
    this.#notes.note(reply, turn.language);
    const shown = (reply.sides || []).find(({ language }) => language === reply.to_show);
    this.#bringStyle();
    if (shown) this.#enlarge(shown, node);
    if (!this.#words.has(turn.language) || (shown && !this.#words.has(shown.language))) return;
    const t = (key) => this.#text(key, turn.language);
    const tools = [
      shown && this.#button(t('aid_hand_over'), () => this.#handOver(shown, choices, turn.language), 'strong'),
      reply.record && choices && this.#button(t('aid_pause'), () => this.#pause(turn)),
      reply.printable && this.#button(t('aid_save'), () => this.#notes.save(this.#noteWords())),
    ].filter(Boolean);
    if (!tools.length) return;
    const row = el('div', { class: 'choices tools' }, ...tools);
    node.append(row, ...(reply.printable ? [el('p', { class: 'hint' }, t('aid_save_note'))] : []));
    if (!reply.printable) this.#tools.push(row);
  }

  /** Keep what was chosen. */
  keep(record, ids) {
    this.#dropTools();
    this.#notes.keep(record, ids);
  }

  print() {
    this.#chat.print(this.#notes.parts(this.#noteWords()), this.#notes.css);
  }

  /** Forget everything. */
  clear() {
    this.#notes.clear();
    this.#tools = [];
    this.#uncover();
  }

  async #fetch(language) {
    if (this.#words.has(language)) return;
    try {
      this.#words.set(language, await this.#chat.fetchWords(language));
    } catch {
      // The next question asks again; until then there is nothing to touch beside this one.
    }
  }

  /** The chat may have moved to another element of the page. */
  #bringStyle() {
    const host = this.#chat.panel.getRootNode();
    if (!host.adoptedStyleSheets.includes(this.#style)) host.adoptedStyleSheets = [...host.adoptedStyleSheets, this.#style];
  }

  #text(key, language) {
    const words = this.#words.get(language) || this.#words.get(ENGLISH);
    return (words && words.strings[key]) || '';
  }

  #noteWords() {
    const { other } = this.#notes;
    return {
      english: (key) => this.#text(key, ENGLISH),
      theirs: (key) => (other ? this.#text(key, other.language) : ''),
    };
  }

  #button(label, onclick, kind = '') {
    return el('button', { class: `choice ${kind}`, type: 'button', onclick }, label);
  }

  #dropTools() {
    for (const row of this.#tools) row.remove();
    this.#tools = [];
  }

  /** The person's own words large, and what is said to the worker small below them. */
  #enlarge({ text, language, dir }, node) {
    const said = node.querySelector('.text');
    const parts = [...said.children].slice(0, text.split('\n').length);
    const theirs = el('p', { class: size(text), lang: asTag(language), dir }, ...parts);
    said.before(theirs);
    said.classList.add('beside');
  }

  /** Only the person's question: nothing of the worker's can be seen, or reached by a key. */
  #handOver(shown, choices, workerLanguage) {
    const { text, language, dir } = shown;
    const t = (key) => this.#text(key, language);
    const own = box({ id: 'own-words', rows: '2' });
    const answered = (act) => {
      body.replaceChildren(el('p', { class: 'theirs', tabindex: '-1' }, t('aid_thanks')));
      body.firstChild.focus();
      act();
    };
    const options = shown.choices.map(({ id, label }) =>
      this.#button(label, () => answered(() => this.#chat.choose([id], choices))),
    );
    const onsubmit = (event) => {
      event.preventDefault();
      const words = own.value.trim();
      own.value = '';
      if (words) answered(() => this.#chat.say(words));
    };
    const body = el(
      'div',
      { class: 'asked' },
      el('p', { class: size(text), id: 'asked', tabindex: '-1' }, ...lines(text, dir)),
      voiceFor(language) &&
        listenButton(spokenText(shown), language, { t, onListen: this.#chat.listen, onSilence: this.#chat.silence }),
      el('div', { class: 'choices', role: 'group', 'aria-labelledby': 'asked' }, ...options),
      el(
        'form',
        { onsubmit },
        el('label', { for: 'own-words' }, t('aid_own_words')),
        own,
        el('button', { class: 'choice strong', type: 'submit' }, t('send')),
      ),
    );
    const back = [t('aid_give_back'), this.#text('aid_have_phone', workerLanguage)];
    this.#show(language, dir, body, [...new Set(back)].join(' · '), true);
  }

  #pause({ language, dir }) {
    const t = (key) => this.#text(key, language);
    const body = el('div', { class: 'asked' }, el('p', { class: 'theirs', tabindex: '-1' }, t('aid_paused')));
    this.#chat.hold();
    this.#show(language, dir, body, t('aid_resume'), false);
  }

  /**
   * Cover everything with one thing. The way out comes along, and so do the numbers where
   * somebody else holds the phone.
   */
  #show(language, dir, body, backLabel, hasNumbers) {
    this.#uncover();
    this.#bringStyle();
    const { panel, exit } = this.#chat;
    const place = document.createComment('exit');
    const label = exit.querySelector('span');
    const labelBefore = label.textContent;
    label.textContent = this.#text('exit', language) || labelBefore;
    exit.replaceWith(place);
    const words = this.#words.get(language);
    const numbers = hasNumbers && words && linkCards(words.numbers, (key) => this.#text(key, language));
    const back = this.#button(backLabel, () => this.#uncover(), 'strong back');
    const cover = el(
      'div',
      {
        class: 'cover', role: 'dialog', 'aria-modal': 'true', lang: asTag(language), dir, popover: 'manual',
        onkeydown: (event) => this.#onKey(event),
      },
      el('div', { class: 'cover-top' }, exit),
      body,
      numbers,
      el('div', { class: 'choices' }, back),
    );
    panel.inert = true;
    panel.parentNode.append(cover);
    if (cover.showPopover) cover.showPopover();
    this.#cover = { cover, place, restore: () => { label.textContent = labelBefore; } };
    cover.setAttribute('aria-label', body.firstChild.textContent);
    body.firstChild.focus();
  }

  #uncover() {
    if (!this.#cover) return;
    const { cover, place, restore } = this.#cover;
    const { panel, exit, silence } = this.#chat;
    this.#cover = null;
    silence();
    restore();
    place.replaceWith(exit);
    cover.remove();
    panel.inert = false;
    panel.querySelector('.scroller').focus({ preventScroll: true });
  }

  /** Escape gives the phone back; Tab stays within. */
  #onKey(event) {
    const { cover } = this.#cover;
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation();
      this.#uncover();
    }
    if (event.key !== 'Tab') return;
    const stops = [...cover.querySelectorAll('a[href], button, textarea')];
    const active = cover.getRootNode().activeElement;
    const at = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (active !== at && stops.includes(active)) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}
