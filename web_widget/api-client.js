/** Talks to the Waymark server. Keeps nothing: no cookie, no cache, no storage, no referrer. */

const TIMEOUT_MS = 10000;
const PROBE_MS = 3000;

/** What went wrong, as the server said it, or `unreachable` when it said nothing. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {{message?: string, links?: Array<object>, language?: string, dir?: string}} [said]
   */
  constructor(code, said = {}) {
    super(said.message || code);
    this.code = code;
    /** Words for the person, in their language; empty when the server gave none. */
    this.said = said.message || '';
    this.links = said.links || [];
    this.language = said.language;
    this.dir = said.dir;
  }
}

export class ApiClient {
  #origin;
  #pending = new Set();

  /** @param {string} origin where the API is served, for example the script's own origin */
  constructor(origin) {
    this.#origin = origin;
  }

  strings(language) {
    return this.#call('GET', `strings?language=${encodeURIComponent(language)}`);
  }

  /** Start a conversation. `refused`: the server is there, but this site may not use it. */
  async start(options) {
    try {
      return await this.#call('POST', 'conversations', options);
    } catch (error) {
      const isElsewhere = this.#origin !== window.location.origin;
      if (error.code === 'unreachable' && isElsewhere && (await this.#isThere())) {
        console.warn('Waymark: this site is not in WAYMARK_ALLOWED_ORIGINS of its server.');
        throw new ApiError('refused');
      }
      throw error;
    }
  }

  /** @param {{text?: string, choice?: string, choices?: string[]}} message exactly one of them */
  send(token, message) {
    return this.#call('POST', 'messages', message, token);
  }

  /** Ask the server to keep the conversation for another half hour. */
  keep(token) {
    return this.#call('POST', 'conversations/keep', undefined, token);
  }

  /** Ask the server to forget the conversation; works while the page is being left. */
  erase(token) {
    const request = this.#fetch('DELETE', 'conversations', undefined, token, { keepalive: true });
    return request.catch(() => {});
  }

  /** Drop every request on its way. Their promises reject with code `aborted`. */
  abort() {
    for (const controller of this.#pending) controller.abort();
    this.#pending.clear();
  }

  /** Every site may load the script, so its absence tells that the server is down. */
  async #isThere() {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), PROBE_MS);
    this.#pending.add(controller);
    const options = { method: 'HEAD', mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' };
    try {
      await fetch(`${this.#origin}/widget.js`, { ...options, signal: controller.signal });
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      this.#pending.delete(controller);
    }
  }

  #fetch(method, path, body, token, more) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (token) headers.Authorization = `Bearer ${token}`;
    return fetch(`${this.#origin}/api/v1/${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
      mode: 'cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      ...more,
    });
  }

  async #call(method, path, body, token) {
    const controller = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      controller.abort();
    }, TIMEOUT_MS);
    this.#pending.add(controller);
    try {
      const response = await this.#fetch(method, path, body, token, { signal: controller.signal });
      const answer = await response.json();
      if (response.ok) return answer;
      const { error = {}, language, dir } = answer;
      throw new ApiError(error.code || 'unreachable', { ...error, language, dir });
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(controller.signal.aborted && !isLate ? 'aborted' : 'unreachable');
    } finally {
      clearTimeout(timer);
      this.#pending.delete(controller);
    }
  }
}
