/** The element <waymark-chat>: where the chat stands on a page, and the button that opens it. */

import { Chat } from './chat.js';
import { accentCss, isReadable } from './colours.js';
import { el, icon, sheet } from './dom.js';
import { DEFAULT_EXIT_URL } from './exit.js';
import { ATTRIBUTES } from './generated/attributes.js';
import css from './generated/widget.min.css';
import { Strings, asTag, directionOf, guessLanguage } from './strings.js';

/** The one conversation of the page, in the element where it was opened last; null if none is. */
let chat = null;

/** Attributes: see docs/embed.md. Until it is opened it asks the server nothing. */
export class WaymarkChatElement extends HTMLElement {
  /** Where the API is served; set before the element is defined. */
  static origin = '';

  static define(tag = 'waymark-chat', registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
    return this;
  }

  #root = null;
  #launcher;
  #language;

  connectedCallback() {
    window.addEventListener('pageshow', this);
    window.addEventListener('focusin', this);
    if (!this.#root) this.#draw();
    else if (this.#isOpen) chat.show(true); // moved within the page, which closes what is on top
  }

  disconnectedCallback() {
    window.removeEventListener('pageshow', this);
    window.removeEventListener('focusin', this);
    queueMicrotask(() => {
      if (this.isConnected) return; // only moved
      if (this.#isHere) chat.end();
      this.shadowRoot.replaceChildren();
      this.#root = null;
    });
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === 'pageshow') {
      if (event.persisted) this.#draw();
    } else if (this.#isOpen && event.target !== this && chat.covers(event.target)) this.#fold();
  }

  /** Open the chat here. One that is open elsewhere on the page goes on here. */
  open() {
    this.#enter();
    chat.focus();
  }

  /** Close the panel. The conversation goes on when it is opened again. */
  close() {
    if (!this.#isOpen || this.isInline) return;
    this.#fold();
    this.#launcher.focus({ preventScroll: true });
  }

  /** Blank everything, wipe everything, then go. */
  leave() {
    if (this.#isHere) chat.leave();
  }

  get isInline() {
    return this.hasAttribute('inline');
  }

  get exitUrl() {
    return this.#given('exit-url') || DEFAULT_EXIT_URL;
  }

  get headline() {
    return this.#given('headline');
  }

  /** Whether the chat is shown here: the button goes. */
  mark(isOpen) {
    this.#launcher.hidden = isOpen;
    this.#launcher.setAttribute('aria-expanded', String(isOpen));
  }

  /** @param {Strings} strings */
  relabel(strings) {
    const others = [...document.querySelectorAll(this.localName)];
    const number = others.indexOf(this) + 1;
    const name = this.headline || strings.get('title');
    this.#root.setAttribute('aria-label', number > 1 ? `${name} ${number}` : name);
    this.#launcher.lang = asTag(strings.language);
    this.#launcher.lastChild.textContent = strings.get('launcher');
  }

  get #isHere() {
    return chat !== null && chat.host === this;
  }

  get #isOpen() {
    return this.#isHere && chat.isShown;
  }

  /** A fresh, closed widget. */
  #draw() {
    const wanted = this.#given('language');
    this.#language = guessLanguage(wanted ? [wanted] : navigator.languages);
    this.#launcher = el(
      'button',
      { class: 'launcher', type: 'button', 'aria-expanded': 'false', onclick: () => this.open() },
      icon('text'),
      el('span'),
    );
    this.#root = el(
      'section',
      {
        class: `root ${this.isInline ? 'inline' : 'floating'} at-${this.#given('position') || 'end'}`,
        dir: wanted ? directionOf(this.#language) : getComputedStyle(this).direction,
      },
      this.#launcher,
    );
    const shadow = this.shadowRoot || this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheet(css), sheet(this.#accent())];
    shadow.replaceChildren(this.#root);
    this.relabel(new Strings(this.#language));
    if (this.hasAttribute('open')) this.#enter();
  }

  #enter() {
    if (!chat) {
      const options = { language: this.#language, route: this.#given('route'), borough: this.#given('borough') };
      chat = new Chat(this.constructor.origin, options, () => {
        chat = null;
      });
    }
    chat.enter(this, this.#root);
    this.#tell('open');
  }

  #fold() {
    if (this.isInline) return;
    chat.hide();
    this.#tell('close');
  }

  #accent() {
    const colour = this.#given('accent', getComputedStyle(this).getPropertyValue('--waymark-accent').trim());
    if (!colour) return '';
    if (isReadable(colour)) return accentCss(colour);
    console.warn(`Waymark: accent="${colour}" can't be read; it is passed over.`);
    return '';
  }

  /** An attribute, or nothing where its value can't be right: a host's slip must not stop a chat. */
  #given(name, instead = '') {
    const value = this.getAttribute(name) || instead || undefined;
    if (!value || ATTRIBUTES[name].test(value)) return value;
    console.warn(`Waymark: ${name}="${value}" is passed over.`);
    return undefined;
  }

  /** Tell the page that it was opened or closed, and nothing else. */
  #tell(what) {
    this.dispatchEvent(new CustomEvent(`waymark:${what}`, { bubbles: true }));
  }
}
