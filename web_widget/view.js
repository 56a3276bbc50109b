/** The fixed parts of the chat: panel, header, message list, writing box. */

import { el, icon, lines } from './dom.js';
import { Labels } from './labels.js';
import { linkCards } from './links.js';
import { asTag } from './strings.js';
import { writer } from './writer.js';

/** How often is looked whether the way out can be touched. */
const WATCH_MS = 1000;

/** Put a part above everything that the page has, where the browser can, or take it away. */
function onTop(part, isShown) {
  part.hidden = !isShown;
  if (!part.showPopover || !part.isConnected || part.matches(':popover-open') === isShown) return;
  if (isShown) part.showPopover();
  else part.hidePopover();
}

export class View {
  #labels = new Labels();
  #strings;
  #on;
  #isInline = false;
  #watch = 0;
  #headline;

  /**
   * @param {import('./strings.js').Strings} strings
   * @param {Object<string, Function>} on close, leave, language, submit
   */
  constructor(strings, on) {
    this.#strings = strings;
    this.#on = on;
    this.dots = el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
    this.exit = this.#exitLink({ class: 'exit' }, this.dots);
    this.spare = this.#exitLink({ class: 'spare', popover: 'manual', tabindex: '-1', hidden: true });
    this.log = el('div', { class: 'log', role: 'log' });
    this.alert = el('div', { class: 'vh', role: 'alert' });
    this.keys = el('div', { class: 'vh', role: 'status' });
    const { form, textarea } = writer(this.#labels, on.submit);
    this.textarea = textarea;
    this.panel = el(
      'div',
      { class: 'panel', id: 'panel', hidden: true, onkeydown: (event) => {
        // In the list of languages it closes the list.
        if (event.key === 'Escape' && !event.isComposing && event.target !== this.select) on.close();
      } },
      this.#header(),
      this.#numbersBox(),
      this.#scroller(),
      form,
      this.alert,
    );
  }

  get isShown() {
    return !this.panel.hidden;
  }

  /**
   * Stand in an element of the page.
   * @param {HTMLElement} root
   * @param {{isInline: boolean, exitUrl: string, headline?: string}} host
   */
  place(root, { isInline, exitUrl, headline }) {
    this.#isInline = isInline;
    this.#headline = headline;
    this.title.classList.toggle('vh', isInline);
    this.closer.hidden = isInline;
    for (const link of [this.exit, this.spare]) link.href = exitUrl;
    // What floats lies above everything that the page has; what stands in the page does not.
    for (const [name, value] of [['role', 'dialog'], ['aria-labelledby', 'title'], ['popover', 'manual']]) {
      if (isInline) this.panel.removeAttribute(name);
      else this.panel.setAttribute(name, value);
    }
    root.append(this.panel, this.spare, this.keys);
    this.relabel();
  }

  remove() {
    this.show(false);
    for (const part of [this.panel, this.spare, this.keys]) part.remove();
  }

  /** Put every fixed text into the language that the strings are now in. */
  relabel() {
    const strings = this.#strings;
    this.#labels.fill(strings);
    this.note.hidden = !strings.isWhole;
    const tag = asTag(strings.language);
    this.panel.setAttribute('lang', tag);
    this.panel.setAttribute('dir', strings.dir);
    this.keys.setAttribute('lang', tag);
    this.spare.setAttribute('lang', tag);
    this.title.textContent = this.#headline || strings.get('title');
    const options = strings.languages.map(({ code, name, dir }) =>
      el('option', { value: code, lang: asTag(code), dir, selected: code === strings.language }, name),
    );
    this.select.replaceChildren(...options);
    this.numbers.replaceChildren(linkCards(strings.numbers, (key) => strings.get(key)) || '');
  }

  /** @param {boolean} isOpen */
  show(isOpen) {
    this.panel.hidden = !isOpen;
    if (!this.#isInline) onTop(this.panel, isOpen);
    const change = isOpen ? 'addEventListener' : 'removeEventListener';
    for (const [target, type] of [[window, 'scroll'], [window, 'resize'], [window.visualViewport, 'resize'], [window.visualViewport, 'scroll']]) {
      if (target) target[change](type, this.#fit, { passive: true, capture: true });
    }
    this.#fit();
    clearInterval(this.#watch);
    if (isOpen) this.#watch = setInterval(() => this.#keepExit(), WATCH_MS);
  }

  /** What is moved within the page loses where it was scrolled to. */
  showLast() {
    const last = this.log.lastElementChild;
    if (last) this.#scrollTo(last);
  }

  /** Keep the panel clear of a keyboard on the screen. */
  #fit = () => {
    const { height = innerHeight, offsetTop = 0, scale = 1 } = window.visualViewport || {};
    const isZoomed = scale > 1.01;
    const below = Math.max(0, innerHeight - height - offsetTop);
    for (const part of [this.panel, this.spare]) {
      part.style.setProperty('--wm-keyboard', `${isZoomed ? 0 : below}px`);
      part.style.setProperty('--wm-keyboard-top', `${isZoomed ? 0 : offsetTop}px`);
    }
    this.#keepExit();
  };

  /** Where the way out has scrolled away, or something of the page covers it, show another one. */
  #keepExit() {
    const isNeeded = this.isShown && this.panel.isConnected && !this.#canTouch(this.exit);
    if (!isNeeded || !this.#canTouch(this.spare)) onTop(this.spare, false); // and above what came since
    onTop(this.spare, isNeeded);
  }

  #canTouch(link) {
    const { left, top, width, height } = link.getBoundingClientRect();
    const hits = link.getRootNode().elementsFromPoint(left + width / 2, top + height / 2);
    return link.contains(hits.find((hit) => link === this.spare || !this.spare.contains(hit)));
  }

  /**
   * Add messages, and bring what is new into view: from what the person said, or, where that
   * could leave no room for what to call, from an urgent reply.
   */
  append(...nodes) {
    const last = this.log.lastElementChild;
    this.log.append(...nodes);
    const urgent = nodes.find((node) => node.matches('.urgent'));
    if (last) this.#scrollTo(urgent || (last.matches('.own') ? last : nodes[0]));
    this.#keepExit();
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

  /** It takes long: the numbers meanwhile, and a button that sends it once more. */
  showSlow(links, onRetry) {
    const t = (key) => this.#strings.get(key);
    this.remedies.append(linkCards(links, t), el('button', { class: 'choice', type: 'button', onclick: onRetry }, t('retry')));
    this.#scrollTo(this.notice);
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
    const way = page && el('a', { class: 'choice strong', href: page, rel: 'noreferrer', target: '_top' }, t('launcher'));
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

  #exitLink(props, dots) {
    const leave = (event) => {
      event.preventDefault();
      this.#on.leave();
    };
    return el('a', { ...props, rel: 'nofollow noreferrer', onclick: leave }, icon('exit'), this.#labels.text('exit'), dots);
  }

  #header() {
    const { close, language } = this.#on;
    this.select = el('select', { onchange: language, autocomplete: 'off' });
    this.#labels.name(this.select, 'language');
    this.closer = el('button', { class: 'plain close', type: 'button', onclick: close }, icon('close'));
    this.toggle = el(
      'button',
      { class: 'plain toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'numbers', onclick: () => this.#showNumbers() },
      icon('call'),
      this.#labels.text('numbers'),
    );
    this.title = el('h2', { id: 'title' });
    const languages = el('label', { class: 'languages' }, icon('globe'), this.select);
    return el(
      'div',
      { class: 'header' },
      this.title,
      this.exit,
      this.#labels.name(this.closer, 'close'),
      languages,
      this.toggle,
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
    const said = ['exit_note', 'exit_note_how', 'exit_note_keys'].map((key) => this.#labels.text(key, 'span', { class: key }));
    this.note = el('p', { class: 'note' }, ...said.flatMap((part) => [part, ' ']));
    this.scroller = el('div', { class: 'scroller', tabindex: '0', role: 'group' }, this.note, this.log, this.#notice());
    return this.#labels.name(this.scroller, 'messages');
  }

  #notice() {
    this.status = el('p', { class: 'status', role: 'status' });
    this.remedies = el('div', { class: 'remedies' });
    this.notice = el('div', { class: 'notice' }, this.status, this.remedies);
    return this.notice;
  }
}
