/** The element <waymark-chat>: joins the view, the conversation and the quick exit. */

import { ApiClient } from './api-client.js';
import { el, hidden } from './dom.js';
import { ShiftKeys, exitUrl, leaveTo } from './exit.js';
import css from './generated/widget.min.css';
import { Idle } from './idle.js';
import { Session } from './session.js';
import { Speech } from './speech.js';
import { Strings, directionOf, guessLanguage } from './strings.js';
import { sheet } from './summary.js';
import { Transcript } from './transcript.js';
import { View } from './view.js';

const EVENTS = ['focusin', 'pagehide', 'pageshow'];

/** Attributes: see README.md. Until it is opened it asks the server nothing. */
export class WaymarkChatElement extends HTMLElement {
  /** Where the API is served; set before the element is defined. */
  static origin = '';

  static define(tag = 'waymark-chat', registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
    return this;
  }

  #api;
  #strings;
  #session;
  #view;
  #transcript;
  #idle = new Idle(() => this.#clear(), () => this.#warn());
  #speech = new Speech();
  #isBusy = false;
  #hasBegun = false;
  /** Counts what was wiped, so that an answer to something wiped is dropped. */
  #life = 0;

  #keys = new ShiftKeys({
    onCount: (count) => this.#view.showPresses(count),
    onCancel: () => this.#view.showPressesOver(),
    onLeave: () => this.leave(),
  });

  #act = {
    onChoose: (...chosen) => this.#sendChoice(...chosen),
    onEmpty: () => this.#view.showProblem({ text: this.#strings.get('choose_one_first') }),
    onRestart: () => this.#restart(),
    onListen: (...said) => this.#speech.say(...said),
    onSilence: () => this.#speech.stop(),
    onLeave: () => this.leave(),
  };

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet(css)];
    this.#draw();
    for (const type of EVENTS) window.addEventListener(type, this);
    this.#idle.watch(this);
  }

  disconnectedCallback() {
    for (const type of EVENTS) window.removeEventListener(type, this);
    this.#wipe();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === 'focusin') {
      if (!this.hasAttribute('inline') && event.target !== this && this.#view.covers(event.target)) this.#view.show(false);
    } else if (event.type === 'pagehide') this.#wipe();
    else if (event.persisted) this.#draw();
  }

  /** Open the panel and, the first time, start a conversation. */
  open() {
    if (!this.hasAttribute('inline')) {
      this.#view.show(true);
      this.#view.textarea.focus({ preventScroll: true });
    }
    if (!this.#hasBegun) this.#begin();
    this.#tell('open');
  }

  /** Close the panel. The conversation goes on when it is opened again. */
  close() {
    if (this.hasAttribute('inline')) return;
    this.#view.show(false);
    this.#view.launcher.focus({ preventScroll: true });
    this.#tell('close');
  }

  /** Blank everything, wipe everything, then go. */
  leave() {
    const text = this.#strings.get('exit_loading');
    this.#wipe();
    const blank = el('div', { class: 'blank', role: 'alert', popover: 'manual' }, hidden(text));
    this.shadowRoot.append(blank);
    if (blank.showPopover) blank.showPopover(); // above everything that the page has
    document.title = text;
    leaveTo(exitUrl(this.getAttribute('exit-url')));
  }

  /** A fresh, empty widget. */
  #draw() {
    this.#wipe();
    const wanted = this.getAttribute('language');
    const language = guessLanguage(wanted ? [wanted] : navigator.languages);
    this.#strings = new Strings(language);
    this.#api = new ApiClient(this.constructor.origin);
    const route = this.#given('route', /^(self|other|worker)$/);
    const borough = this.#given('borough', /^[a-z-]{1,40}$/);
    this.#session = new Session(this.#api, { language, route, borough });
    this.#view = new View(
      {
        strings: this.#strings,
        isInline: this.hasAttribute('inline'),
        exitUrl: exitUrl(this.getAttribute('exit-url')),
        side: wanted ? directionOf(language) : getComputedStyle(this).direction,
      },
      {
        open: () => this.open(),
        close: () => this.close(),
        leave: () => this.leave(),
        language: ({ target }) => this.#changeLanguage(target.value),
        submit: () => this.#sendText(),
      },
    );
    this.#transcript = new Transcript(this.#view, this.#strings, this.#act);
    this.shadowRoot.replaceChildren(this.#view.root);
    if (this.hasAttribute('inline') || this.hasAttribute('open')) this.open();
  }

  /** An attribute, or nothing where its value can't be right: a host's slip must not stop a chat. */
  #given(name, right) {
    const value = this.getAttribute(name) || undefined;
    if (!value || right.test(value)) return value;
    console.warn(`Waymark: ${name}="${value}" is passed over.`);
    return undefined;
  }

  /** Tell the page that it was opened or closed, and nothing else. */
  #tell(what) {
    this.dispatchEvent(new CustomEvent(`waymark:${what}`, { bubbles: true }));
  }

  /** Forget everything, on the screen, in memory and on the server. */
  #wipe() {
    this.#keys.ignore();
    this.#idle.stop();
    this.#hasBegun = false;
    if (this.#session) this.#forget();
    if (this.#view) this.#view.textarea.value = '';
    this.shadowRoot.replaceChildren();
  }

  /** Drop the conversation, here and on the server. */
  #forget() {
    this.#life += 1;
    this.#isBusy = false;
    this.#speech.stop();
    this.#transcript.clear();
    this.#session.erase();
  }

  /** Nobody has used it for long: clear it, as the server has. */
  #clear() {
    this.#forget();
    this.#view.textarea.value = '';
    this.#view.clearNotice();
    this.#transcript.end('cleared');
  }

  /** The server will soon forget the conversation: one touch keeps it. */
  #warn() {
    if (this.#isBusy || !this.#session.isStarted) return;
    this.#view.showProblem({
      text: this.#strings.get('idle_warning'),
      remedy: 'idle_stay',
      onRetry: () => this.#attempt({
        work: () => this.#session.keep(),
        show: () => this.#view.scroller.focus({ preventScroll: true }),
        failText: 'choice_failed',
        again: () => this.#warn(),
      }),
    });
  }

  /** After the end, begin afresh; the button that asked for it goes, so the focus moves. */
  #restart() {
    if (this.#isBusy) return;
    this.#forget();
    this.#view.scroller.focus({ preventScroll: true });
    this.#begin();
  }

  #begin() {
    this.#hasBegun = true;
    this.#keys.listen();
    return this.#attempt({
      work: async () => {
        const [answer] = await Promise.all([this.#session.start(), this.#fetchStrings(this.#strings.language)]);
        return answer;
      },
      show: (answer) => this.#showAnswer(answer),
      failText: 'start_failed',
      failLinks: () => this.#strings.numbers,
      again: () => this.#begin(),
    });
  }

  #sendText(text = this.#view.textarea.value.trim()) {
    const { textarea } = this.#view;
    if (!text || this.#isBusy) return;
    const own = this.#transcript.own(text);
    if (textarea.value.trim() === text) textarea.value = '';
    this.#deliver({ text }, {
      own,
      failText: 'send_failed',
      undo: () => {
        own.remove();
        textarea.value = [text, textarea.value].filter(Boolean).join('\n').slice(0, textarea.maxLength);
      },
      again: () => this.#sendText(text),
    });
  }

  #sendChoice(ids, isMultiple, choices) {
    if (this.#isBusy) return;
    const labels = choices.labels(ids);
    const own = this.#transcript.own(labels.join('\n'));
    choices.use(ids);
    const message = isMultiple ? { choices: ids } : { choice: ids[0] };
    this.#deliver(message, {
      own,
      failText: 'choice_failed',
      done: () => this.#transcript.keep(choices.question, ids, labels),
      undo: () => {
        own.remove();
        choices.reopen();
      },
      again: () => this.#sendChoice(ids, isMultiple, choices),
    });
  }

  #changeLanguage(language) {
    if (!this.#session.isStarted) {
      this.#forget();
      this.#session.use(language);
      this.#strings.useBuiltIn(language);
      this.#begin();
      return;
    }
    if (this.#isBusy) this.#view.relabel();
    this.#deliver({ choice: `/change_language${JSON.stringify({ language })}` }, {
      failText: 'choice_failed',
      undo: () => this.#view.relabel(),
      again: () => this.#changeLanguage(language),
    });
  }

  /** Send one message, in a fresh conversation if there is none. */
  #deliver(message, { own, done, undo, failText, again }) {
    if (own) this.#view.append(own);
    return this.#attempt({
      work: async () => {
        if (!this.#session.isStarted) await this.#showAnswer(await this.#session.start(), own);
        return this.#session.send(message);
      },
      show: (answer) => {
        if (done) done();
        return this.#showAnswer(answer);
      },
      undo,
      failText,
      failLinks: () => this.#strings.numbers,
      again,
    });
  }

  /**
   * Do one thing with the server at a time, showing that it is on its way; when it fails,
   * undo what was shown and say so, with a button that does the same once more.
   */
  async #attempt({ work, show, undo, failText, failLinks, again }) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#idle.start();
    const life = this.#life;
    this.#view.showWriting();
    try {
      const answer = await work();
      if (life !== this.#life) return;
      this.#view.clearNotice();
      await show(answer);
      this.#isBusy = false;
    } catch (error) {
      if (life !== this.#life) return;
      this.#isBusy = false;
      if (undo) undo();
      if (error.code === 'conversation_expired') {
        await this.#startOver(error);
      } else {
        const links = error.links && error.links.length ? error.links : failLinks && failLinks();
        const isRefused = error.code === 'refused';
        this.#view.showProblem({
          text: error.said || this.#strings.get(failText),
          links,
          page: isRefused && `${this.constructor.origin}/?language=${this.#strings.language}`,
          onRetry: !isRefused && again,
        });
      }
    }
  }

  /** The server has forgotten the conversation: say so once and begin another. The draft stays. */
  async #startOver(error) {
    this.#session.drop();
    this.#transcript.close();
    const { language, dir } = error.language ? error : this.#strings;
    this.#transcript.show([{ text: error.said }], { language, dir });
    await this.#begin();
  }

  async #fetchStrings(language) {
    const life = this.#life;
    try {
      const answer = await this.#api.strings(language);
      if (life === this.#life) this.#strings.use(answer);
    } catch {
      if (life === this.#life) this.#strings.useBuiltIn(language);
    }
    this.#view.relabel();
  }

  async #showAnswer({ language, dir, replies, ended }, before) {
    const life = this.#life;
    if (language !== this.#strings.language || !this.#strings.isFromServer) await this.#fetchStrings(language);
    if (life !== this.#life) return;
    if (ended) this.#transcript.clear();
    this.#transcript.show(replies, { language, dir }, before);
    if (ended) this.#transcript.end();
  }
}
