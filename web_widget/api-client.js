/** Talks to the Waymark server. Keeps nothing: no cookie, no cache, no storage, no referrer. */

const TIMEOUT_MS = 10000;
const PROBE_MS = 3000;
/** The server may take so long: after three seconds the numbers are shown here. */
const PATIENCE = 'wait=8';
const START = 'conversations';
const QUIET = { credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' };

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
  #pending = new Map();

  /** @param {string} origin where the API is served, for example the script's own origin */
  constructor(origin) {
    this.#origin = origin;
  }

  /** @param {{language: string, borough?: string, for?: 'worker'}} wanted */
  strings(wanted) {
    return this.#call('GET', `strings?${new URLSearchParams(wanted)}`);
  }

  /** Start a conversation. `refused`: the server is there, but this site may not use it. */
  async start(options) {
    try {
      return await this.#call('POST', START, options);
    } catch (error) {
      const isElsewhere = this.#origin !== window.location.origin;
      if (error.code === 'unreachable' && isElsewhere && (await this.#isThere())) {
        console.warn('Waymark: WAYMARK_ALLOWED_ORIGINS lacks this site.');
        throw new ApiError('refused');
      }
      throw error;
    }
  }

  /**
   * @param {{text?: string, choice?: string, choices?: string[]}} message exactly one of them
   * @param {string} key the same when it is sent again
   */
  send(token, message, key) {
    return this.#call('POST', 'messages', message, token, { 'Idempotency-Key': key });
  }

  /** Ask the server to keep the conversation for another half hour. */
  keep(token) {
    return this.#call('POST', 'conversations/keep', undefined, token);
  }

  /**
   * Ask the server to forget the conversation; works while the page is being left.
   * @param {boolean} [isClosed] nobody asked to delete it: what the server counted stays
   */
  erase(token, isClosed) {
    const path = isClosed ? `${START}?closed=1` : START;
    const request = this.#fetch('DELETE', path, undefined, token, {}, { keepalive: true });
    return request.catch(() => {});
  }

  /**
   * Drop every request on its way. Their promises reject with code `aborted`.
   * @param {boolean} [isStartSpared] whoever erases must learn the token of what is beginning
   */
  abort(isStartSpared) {
    for (const [controller, path] of this.#pending) {
      if (!isStartSpared || path !== START) controller.abort();
    }
  }

  /** Every site may load the script, so its absence tells that the server is down. */
  async #isThere() {
    try {
      const signal = AbortSignal.timeout(PROBE_MS);
      await fetch(`${this.#origin}/widget.js`, { ...QUIET, method: 'HEAD', mode: 'no-cors', signal });
      return true;
    } catch {
      return false;
    }
  }

  #fetch(method, path, body, token, headers, more) {
    if (body) Object.assign(headers, { 'Content-Type': 'application/json', Prefer: PATIENCE });
    if (token) headers.Authorization = `Bearer ${token}`;
    return fetch(`${this.#origin}/api/v1/${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
      redirect: 'error',
      ...QUIET,
      ...more,
    });
  }

  async #call(method, path, body, token, headers = {}) {
    const controller = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      controller.abort();
    }, TIMEOUT_MS);
    this.#pending.set(controller, path);
    try {
      const response = await this.#fetch(method, path, body, token, headers, { signal: controller.signal });
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
