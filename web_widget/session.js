/** One conversation with the server: its token and its language, in memory only. */

export class Session {
  #api;
  #options;
  #token = '';

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

  /** The language of the next conversation. */
  use(language) {
    this.#options.language = language;
  }

  /** Start afresh. */
  async start() {
    this.#token = '';
    const answer = await this.#api.start(this.#options);
    this.#token = answer.token;
    this.#options.language = answer.language;
    return answer;
  }

  async send(message) {
    const answer = await this.#api.send(this.#token, message);
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
  erase() {
    const token = this.#token;
    this.#token = '';
    this.#api.abort();
    if (token) this.#api.erase(token);
  }
}
