/** One conversation, from its opening until it is wiped: joins what is shown, said and kept. */

import { ApiClient } from './api-client.js';
import { Attempts } from './attempts.js';
import { AidBringer } from './bring-aid.js';
import { ShiftKeys, leaveFrom } from './exit.js';
import { Idle } from './idle.js';
import { Session } from './session.js';
import { Speech } from './speech.js';
import { Strings } from './strings.js';
import { Transcript } from './transcript.js';
import { View } from './view.js';

const EVENTS = ['pagehide', 'online', 'beforeprint', 'click'];
/** A link of the page with this attribute leaves as 'Leave now' does. */
const EXIT_LINK = '[data-waymark-exit]';

export class Chat {
  #aid;
  /** The element that shows it. */
  host = null;
  #onEnd;
  #api;
  #strings;
  #session;
  #view;
  #transcript;
  #attempts;
  #alive = new AbortController();
  #idle = new Idle(() => this.#clear(), () => this.#warn());
  #speech = new Speech();

  #keys = new ShiftKeys({
    onCount: (count) => this.#view.showPresses(count),
    onCancel: () => this.#view.showPressesOver(),
    onLeave: () => this.leave(),
  });

  /**
   * @param {string} origin where the API is served
   * @param {{language: string, route?: string, borough?: string}} options
   * @param {() => void} onEnd called when it is wiped for good
   */
  constructor(origin, options, onEnd) {
    this.#onEnd = onEnd;
    this.#strings = new Strings(options.language);
    this.#api = new ApiClient(origin);
    this.#session = new Session(this.#api, options);
    this.#view = new View(this.#strings, {
      close: () => this.host.close(),
      leave: () => this.leave(),
      language: ({ target }) => this.#changeLanguage(target.value),
      submit: () => this.#sendText(),
    });
    this.#transcript = new Transcript(this.#view, this.#strings, {
      onChoose: (...chosen) => this.#sendChoice(...chosen),
      onEmpty: () => this.#view.showProblem({ text: this.#strings.get('choose_one_first') }),
      onRestart: () => this.#restart(),
      onListen: (...said) => this.#speech.say(...said),
      onSilence: () => this.#speech.stop(),
      onLeave: () => this.leave(),
    });
    this.#attempts = new Attempts({
      view: this.#view,
      strings: this.#strings,
      api: this.#api,
      page: () => `${origin}/?language=${this.#strings.language}`,
      onStart: () => this.#idle.start(),
      onExpired: (error) => this.#startOver(error),
    });
    this.#aid = new AidBringer(origin, { view: this.#view, api: this.#api, speech: this.#speech, transcript: this.#transcript }, {
      say: (text) => this.#sendText(text),
      choose: (ids, choices) => this.#sendChoice(ids, false, choices),
      hold: () => this.#hold(),
    });
    this.#idle.watch(this.#view.panel);
    const { signal } = this.#alive;
    for (const type of EVENTS) window.addEventListener(type, this, { signal });
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === 'pagehide') this.end(true);
    else if (event.type === 'online') this.#attempts.resume();
    else if (event.type === 'beforeprint') {
      if (this.isShown) this.#transcript.printNumbers();
    } else if (event.target.closest?.(EXIT_LINK)) {
      event.preventDefault();
      this.leave();
    }
  }

  get isShown() {
    return this.#view.isShown;
  }

  /** Stand in an element of the page, and begin. Where it stood before, the button comes back. */
  enter(host, root) {
    const isMoved = this.host !== host;
    const isFirst = !this.host;
    if (isMoved) {
      if (!isFirst) this.host.mark(false);
      this.host = host;
      this.#view.place(root, host);
      host.relabel(this.#strings);
    }
    this.show(isMoved);
    if (isFirst) this.#begin();
  }

  show(isMoved) {
    this.host.mark(true);
    this.#view.show(true);
    if (isMoved) this.#view.showLast();
  }

  hide() {
    this.#view.show(false);
    this.host.mark(false);
  }

  focus() {
    this.#view.textarea.focus({ preventScroll: true });
  }

  /** Whether this element of the page is hidden below it. */
  covers(target) {
    return this.#view.covers(target);
  }

  /**
   * Forget everything: on the screen, in memory and on the server.
   * @param {boolean} [isClosed] the page was closed, and nobody asked to delete
   */
  end(isClosed) {
    this.#alive.abort();
    this.#keys.ignore();
    this.#forget(isClosed);
    this.#idle.stop();
    this.#view.textarea.value = '';
    this.#view.remove();
    this.host.mark(false);
    this.#onEnd();
  }

  /** Blank everything, wipe everything, then go. */
  leave() {
    const text = this.#strings.get('exit_loading');
    const { host } = this;
    this.end();
    leaveFrom(host.shadowRoot, text, host.exitUrl);
  }

  /** Drop the conversation, here and on the server. */
  #forget(isClosed) {
    this.#attempts.forget();
    this.#speech.stop();
    this.#transcript.clear();
    this.#session.erase(isClosed);
  }

  /** Nobody has used it for long: clear it, as the server has. */
  #clear() {
    this.#forget(true);
    this.#view.textarea.value = '';
    this.#view.clearNotice();
    this.#transcript.end('cleared');
  }

  /** The server will soon forget the conversation: one touch keeps it. */
  #warn() {
    if (this.#attempts.isBusy || !this.#session.isStarted) return;
    this.#view.showProblem({
      text: this.#strings.get('idle_warning'),
      remedy: 'idle_stay',
      onRetry: () => this.#attempts.run({
        work: () => this.#session.keep(),
        show: () => this.#view.scroller.focus({ preventScroll: true }),
        failText: 'choice_failed',
        again: () => this.#warn(),
      }),
    });
  }

  /** A worker pauses: the time counts from now, here and, if it can be reached, on the server. */
  #hold() {
    this.#idle.start();
    this.#session.keep().catch(() => {});
  }

  /** After the end, begin afresh; the button that asked for it goes, so the focus moves. */
  #restart() {
    if (this.#attempts.isBusy) return;
    this.#forget();
    this.#view.scroller.focus({ preventScroll: true });
    this.#begin();
  }

  #begin() {
    this.#keys.listen();
    return this.#attempts.run({
      work: async () => {
        const [answer] = await Promise.all([this.#session.start(), this.#fetchStrings(this.#strings.language)]);
        return answer;
      },
      show: (answer) => this.#showAnswer(answer),
      failText: 'start_failed',
      again: () => this.#begin(),
    });
  }

  #sendText(text = this.#view.textarea.value.trim(), key = this.#session.newKey()) {
    const { textarea } = this.#view;
    if (!text || this.#attempts.isBusy) return;
    const own = this.#transcript.own(text);
    if (textarea.value.trim() === text) textarea.value = '';
    this.#deliver({ text }, key, {
      own,
      failText: 'send_failed',
      undo: () => {
        own.remove();
        textarea.value = [text, textarea.value].filter(Boolean).join('\n').slice(0, textarea.maxLength);
      },
      again: () => this.#sendText(text, key),
      isStillWanted: () => textarea.value.trim() === text,
    });
  }

  #sendChoice(ids, isMultiple, choices, key = this.#session.newKey()) {
    if (this.#attempts.isBusy) return;
    const labels = choices.labels(ids);
    const own = this.#transcript.own(labels.join('\n'));
    choices.use(ids);
    const message = isMultiple ? { choices: ids } : { choice: ids[0] };
    this.#deliver(message, key, {
      own,
      failText: 'choice_failed',
      done: () => this.#transcript.keep(choices.reply, ids),
      undo: () => {
        own.remove();
        choices.reopen();
      },
      again: () => this.#sendChoice(ids, isMultiple, choices, key),
    });
  }

  #changeLanguage(language, key = this.#session.newKey()) {
    if (!this.#session.isStarted) {
      this.#forget();
      this.#session.use(language);
      this.#strings.useBuiltIn(language);
      this.#begin();
      return;
    }
    if (this.#attempts.isBusy) this.#view.relabel();
    this.#deliver({ choice: `/change_language${JSON.stringify({ language })}` }, key, {
      failText: 'choice_failed',
      undo: () => this.#view.relabel(),
      again: () => this.#changeLanguage(language, key),
    });
  }

  /** Send one message, in a fresh conversation if there is none. */
  #deliver(message, key, { own, done, ...rest }) {
    if (this.#attempts.isBusy) return;
    if (own) this.#view.append(own);
    this.#attempts.run({
      work: async () => {
        if (!this.#session.isStarted) await this.#showAnswer(await this.#session.start(), own);
        return this.#session.send(message, key);
      },
      show: (answer) => {
        if (done) done();
        return this.#showAnswer(answer);
      },
      ...rest,
    });
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
    const { life } = this.#attempts;
    const answer = await this.#session.strings(language).catch(() => null);
    if (life !== this.#attempts.life) return;
    if (answer) this.#strings.use(answer);
    else this.#strings.useBuiltIn(language);
    this.#view.relabel();
    this.host.relabel(this.#strings);
  }

  async #showAnswer({ language, dir, replies, ended }, before) {
    const { life } = this.#attempts;
    if (language !== this.#strings.language || !this.#strings.isFromServer) await this.#fetchStrings(language);
    if (replies.some(({ record }) => record)) await this.#aid.bring(language, replies);
    if (life !== this.#attempts.life) return;
    if (ended) this.#transcript.clear();
    this.#transcript.show(replies, { language, dir }, before);
    if (ended) this.#transcript.end();
  }
}
