/** The fixed parts of the widget: launcher, panel, header, message list, writing box. */

import { el, icon, lines } from './dom.js';
import { linkCards } from './links.js';
import { asTag } from './strings.js';

/** As many as the server takes: a shorter limit would cut what is pasted, and say nothing. */
export const MAX_CHARS = 10000;

export class View {
  #texts = [];
  #strings;

  /**
   * @param {{strings: import('./strings.js').Strings, isInline: boolean, exitUrl: string, side: 'ltr'|'rtl'}} given
   *   side: the writing direction that decides in which corner the launcher sits
   * @param {Object<string, Function>} on open, close, leave, language, submit, key
   */
  constructor({ strings, isInline, exitUrl, side }, on) {
    this.#strings = strings;
    const { exit, count } = this.#exitLink(exitUrl, on);
    const escape = (event) => {
      if (event.key === 'Escape' && !event.isComposing) on.close();
    };
    this.dots = count;
    this.log = el('div', { class: 'log', role: 'log' });
    this.alert = el('div', { class: 'vh', role: 'alert' });
    this.keys = el('div', { class: 'vh', role: 'status' });
    this.panel = el(
      'div',
      { class: 'panel', id: 'panel', role: !isInline && 'dialog', 'aria-labelledby': 'title', onkeydown: escape },
      this.#header(isInline, exit, on),
      this.#numbersBox(),
      this.#scroller(),
      this.#form(on),
      this.alert,
    );
    this.launcher = !isInline && this.#launcher(on);
    this.root = el(
      'section',
      { class: `root ${isInline ? 'inline' : 'floating'}`, dir: side },
      this.launcher,
      this.panel,
      this.keys,
    );
    this.#label(this.root, 'title', 'aria-label');
    this.panel.hidden = !isInline;
    this.relabel();
  }

  /** Put every fixed text into the language that the strings are now in. */
  relabel() {
    const strings = this.#strings;
    for (const [node, key, attribute] of this.#texts) {
      if (attribute) node.setAttribute(attribute, strings.get(key));
      else node.textContent = strings.get(key);
    }
    this.note.hidden = !strings.isWhole;
    const tag = asTag(strings.language);
    this.panel.setAttribute('lang', tag);
    this.panel.setAttribute('dir', strings.dir);
    if (this.launcher) this.launcher.setAttribute('lang', tag);
    this.keys.setAttribute('lang', tag);
    const options = strings.languages.map(({ code, name, dir }) =>
      el('option', { value: code, lang: asTag(code), dir, selected: code === strings.language }, name),
    );
    this.select.replaceChildren(...options);
    this.numbers.replaceChildren(linkCards(strings.numbers, (key) => strings.get(key)) || '');
  }

  /** @param {boolean} isOpen */
  show(isOpen) {
    this.panel.hidden = !isOpen;
    this.launcher.hidden = isOpen;
    this.launcher.setAttribute('aria-expanded', String(isOpen));
    this.#fit();
    if (window.visualViewport) {
      const change = isOpen ? 'addEventListener' : 'removeEventListener';
      visualViewport[change]('resize', this.#fit);
      visualViewport[change]('scroll', this.#fit);
    }
  }

  /** Keep the panel clear of a keyboard on the screen. */
  #fit = () => {
    const { height = innerHeight, offsetTop = 0, scale = 1 } = window.visualViewport || {};
    const isZoomed = scale > 1.01;
    const below = Math.max(0, innerHeight - height - offsetTop);
    this.panel.style.setProperty('--keyboard', `${isZoomed ? 0 : below}px`);
    this.panel.style.setProperty('--keyboard-top', `${isZoomed ? 0 : offsetTop}px`);
  };

  /**
   * Add messages, and bring what is new into view: from what the person said, or, where that
   * could leave no room for what to call, from an urgent reply.
   */
  append(...nodes) {
    const last = this.log.lastElementChild;
    this.log.append(...nodes);
    const urgent = nodes.find((node) => node.matches('.urgent'));
    if (last) this.#scrollTo(urgent || (last.matches('.own') ? last : nodes[0]));
  }

  /** Remove all messages. A focus among them moves to where they were, instead of getting lost. */
  emptyLog() {
    const hadFocus = this.log.contains(this.log.getRootNode().activeElement);
    this.log.replaceChildren();
    if (hadFocus) this.scroller.focus({ preventScroll: true });
  }

  /** Whether the panel hides this element of the page completely. */
  covers(target) {
    if (this.panel.hidden || !(target instanceof Element)) return false;
    const over = this.panel.getBoundingClientRect();
    const { width, left, right, top, bottom } = target.getBoundingClientRect();
    return width > 0 && over.left <= left && over.right >= right && over.top <= top && over.bottom >= bottom;
  }

  /** Say an urgent reply at once; emptied after a while, so that it is not met again. */
  sayNow(text) {
    const line = el('p', {}, ...lines(text));
    this.alert.append(line);
    setTimeout(() => line.remove(), 10000);
  }

  /** Show that a reply is on its way. */
  showWriting() {
    this.clearNotice();
    this.notice.classList.add('writing');
    this.status.textContent = this.#strings.get('writing');
    this.#scrollTo(this.log.lastElementChild || this.notice);
  }

  /**
   * @param {{text: string, links?: object[], page?: string, remedy?: string, onRetry?: () => void}} problem
   *   page: where the chat can be had instead, in this tab; remedy: key of the button's label
   */
  showProblem({ text, links = [], page, remedy = 'retry', onRetry }) {
    const t = (key) => this.#strings.get(key);
    this.clearNotice();
    this.notice.classList.add('problem');
    this.status.replaceChildren(...lines(text));
    const retry = onRetry && el('button', { class: 'choice strong', type: 'button', onclick: onRetry }, t(remedy));
    const way = page && el('a', { class: 'choice strong', href: page, rel: 'noreferrer', target: '_top' }, t('open_page'));
    this.remedies.append(...[way, linkCards(links, t), retry].filter(Boolean));
    this.#scrollTo(this.notice);
  }

  clearNotice() {
    const hadFocus = this.remedies.contains(this.remedies.getRootNode().activeElement);
    this.notice.className = 'notice';
    this.status.textContent = '';
    this.remedies.replaceChildren();
    if (hadFocus) this.scroller.focus({ preventScroll: true });
  }

  /** @param {number} presses how often Shift was pressed */
  showPresses(presses) {
    this.dots.dataset.count = presses;
    this.keys.textContent = this.#strings.get(['', 'exit_two_more', 'exit_one_more'][presses]);
  }

  showPressesOver() {
    this.dots.dataset.count = 0;
    this.keys.textContent = this.#strings.get('exit_cancelled');
    setTimeout(() => {
      this.keys.textContent = '';
    }, 5000);
  }

  /** Scroll the messages, or on very low screens the whole panel; never the page around. */
  #scrollTo(node) {
    const isLow = getComputedStyle(this.scroller).overflowY === 'visible';
    const box = isLow ? this.panel : this.scroller;
    const top = node.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 12;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    box.scrollTo({ top, behavior: isCalm ? 'instant' : 'smooth' });
  }

  #label(node, key, attribute) {
    this.#texts.push([node, key, attribute]);
    return node;
  }

  #text(key, tag = 'span', props = {}) {
    return this.#label(el(tag, props), key);
  }

  #launcher({ open }) {
    return el(
      'button',
      { class: 'launcher', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel', onclick: open },
      icon('chat'),
      this.#text('launcher'),
    );
  }

  #exitLink(href, { leave }) {
    const count = el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
    const exit = el(
      'a',
      { class: 'exit', href, rel: 'nofollow noreferrer', onclick: (event) => {
        event.preventDefault();
        leave();
      } },
      icon('exit'),
      this.#text('exit'),
      count,
    );
    return { exit, count };
  }

  #header(isInline, exit, { close, language }) {
    this.select = el('select', { onchange: language, autocomplete: 'off' });
    this.#label(this.select, 'language', 'aria-label');
    const button = el('button', { class: 'plain close', type: 'button', onclick: close }, icon('close'));
    this.toggle = el(
      'button',
      { class: 'plain toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'numbers', onclick: () => this.#showNumbers() },
      icon('call'),
      this.#text('numbers'),
    );
    const title = this.#text('title', 'h2', { id: 'title', class: isInline && 'vh' });
    const languages = el('label', { class: 'languages' }, icon('globe'), this.select);
    if (isInline) return el('div', { class: 'header bar' }, title, exit, languages, this.toggle);
    return el(
      'div',
      { class: 'header' },
      el('div', { class: 'bar' }, title, exit, this.#label(button, 'close', 'aria-label')),
      el('div', { class: 'bar tools' }, languages, this.toggle),
    );
  }

  #numbersBox() {
    this.numbers = el('div', { class: 'numbers', id: 'numbers', hidden: true });
    return this.numbers;
  }

  #showNumbers() {
    this.numbers.hidden = !this.numbers.hidden;
    this.toggle.setAttribute('aria-expanded', String(!this.numbers.hidden));
  }

  #scroller() {
    this.note = el('p', { class: 'note' }, this.#text('exit_note'), ' ', this.#text('exit_note_keys', 'span', { class: 'keys' }));
    this.scroller = el('div', { class: 'scroller', tabindex: '0', role: 'group' }, this.note, this.log, this.#notice());
    return this.#label(this.scroller, 'messages', 'aria-label');
  }

  #notice() {
    this.status = el('p', { class: 'status', role: 'status' });
    this.remedies = el('div', { class: 'remedies' });
    this.notice = el('div', { class: 'notice' }, this.status, this.remedies);
    return this.notice;
  }

  #form({ submit }) {
    this.textarea = el('textarea', {
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
    this.#label(this.textarea, 'message_label', 'placeholder');
    this.send = el('button', { class: 'send', type: 'submit' }, icon('send'));
    return el(
      'form',
      {
        class: 'writer',
        onsubmit: (event) => {
          event.preventDefault();
          submit();
        },
      },
      this.#text('message_label', 'label', { for: 'draft' }),
      el('div', { class: 'field' }, this.textarea, this.#label(this.send, 'send', 'aria-label')),
    );
  }
}
