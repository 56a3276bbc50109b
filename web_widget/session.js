/** One conversation with the server: its token and its language, in memory only. */

import { ApiError } from './api-client.js';

export class Session {
  #api;
  #options;
  #token = '';
  #messages = 0;
  /** Counts what was erased: a conversation that begins after that is erased, too. */
  #life = 0;

  /**
   * @param {import('./api-client.js').ApiClient} api
   * @param {{language: string, route?: string, borough?: string}} options
   */
  constructor(api, options) {
    this.#api = api;
    this.#options = options;
  }

  get isStarted() {
    return this.#token !== '';
  }

  /** The widget's words, the borough's own languages first in their list. */
  strings(language) {
    const { borough } = this.#options;
    return this.#api.strings(borough ? { language, borough } : { language });
  }

  /** The language of the next conversation. */
  use(language) {
    this.#options.language = language;
  }

  /** Start afresh. */
  async start() {
    this.#token = '';
    const life = this.#life;
    const answer = await this.#api.start(this.#options);
    if (life !== this.#life) {
      this.#api.erase(answer.token);
      throw new ApiError('aborted');
    }
    this.#token = answer.token;
    this.#options.language = answer.language;
    return answer;
  }

  /** What a message is known by when it is sent a second time: the server then takes it once. */
  newKey() {
    return String((this.#messages += 1));
  }

  async send(message, key) {
    const answer = await this.#api.send(this.#token, message, key);
    this.#options.language = answer.language;
    if (answer.ended) this.#token = '';
    return answer;
  }

  /** The person is still there. */
  keep() {
    return this.#api.keep(this.#token);
  }

  /** The server no longer knows this conversation. */
  drop() {
    this.#token = '';
  }

  /** Forget the conversation here, and ask the server to. */
  erase(isClosed) {
    const token = this.#token;
    this.#token = '';
    this.#life += 1;
    this.#api.abort(true);
    if (token) this.#api.erase(token, isClosed);
  }
}
