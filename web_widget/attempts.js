/** Does one thing with the server at a time; what fails is undone, and can be done once more. */

/** After this long without an answer the numbers are shown. */
const SLOW_MS = 3000;

export class Attempts {
  isBusy = false;
  /** Counts what was wiped, so that an answer to something wiped is dropped. */
  life = 0;
  /** What failed for want of a line. */
  #resend = null;
  #parts;

  /**
   * @param {{
   *   view: import('./view.js').View,
   *   strings: import('./strings.js').Strings,
   *   api: import('./api-client.js').ApiClient,
   *   page: () => string,
   *   onStart: () => void,
   *   onExpired: (error: import('./api-client.js').ApiError) => void,
   * }} parts page: where the chat can be had when this site may not
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * @param {{
   *   work: () => Promise<object>,
   *   show: (answer: object) => void,
   *   undo?: () => void,
   *   failText: string,
   *   again: () => void,
   *   isStillWanted?: () => boolean,
   * }} attempt failText: key of what is said when it fails; isStillWanted: whether to do it once
   *   more without being asked
   */
  async run({ work, show, undo, failText, again, isStillWanted }) {
    if (this.isBusy) return;
    const { view, strings, api, onStart, onExpired } = this.#parts;
    this.isBusy = true;
    this.#resend = null;
    onStart();
    const { life } = this;
    view.showWriting();
    const slow = setTimeout(() => view.showSlow(strings.numbers, () => api.abort()), SLOW_MS);
    try {
      const answer = await work().finally(() => clearTimeout(slow));
      if (life !== this.life) return;
      view.clearNotice();
      await show(answer);
      this.isBusy = false;
    } catch (error) {
      if (life !== this.life) return;
      this.isBusy = false;
      if (undo) undo();
      if (error.code === 'conversation_expired') await onExpired(error);
      else if (error.code === 'aborted') again(); // the person asked for it
      else this.#showFailure(error, failText, again, isStillWanted);
    }
  }

  /** The line is back. */
  resume() {
    if (this.#resend && !this.isBusy) this.#resend();
    this.#resend = null;
  }

  /** Whatever is on its way no longer counts. */
  forget() {
    this.life += 1;
    this.isBusy = false;
    this.#resend = null;
  }

  #showFailure(error, failText, again, isStillWanted) {
    const { view, strings, page } = this.#parts;
    const isRefused = error.code === 'refused';
    view.showProblem({
      text: error.said || strings.get(failText),
      links: error.links && error.links.length ? error.links : strings.numbers,
      page: isRefused && page(),
      onRetry: !isRefused && again,
    });
    if (error.code === 'unreachable') this.#resend = () => (!isStillWanted || isStillWanted()) && again();
  }
}
