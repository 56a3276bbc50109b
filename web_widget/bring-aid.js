/** Fetches what only a worker needs (aid.js), when it is needed. Without it the chat goes on. */

/** A question waits no longer than this for what stands beside it. */
const WAIT_MS = 3000;

export class AidBringer {
  #origin;
  #transcript;
  #chat;

  /**
   * @param {string} origin where it is served
   * @param {{view: object, api: object, speech: object, transcript: object}} parts of the chat
   * @param {{say: Function, choose: Function, hold: Function}} act see Aid
   */
  constructor(origin, { view, api, speech, transcript }, act) {
    this.#origin = origin;
    this.#transcript = transcript;
    this.#chat = {
      ...act,
      panel: view.panel,
      exit: view.exit,
      fetchWords: (language) => api.strings({ language, for: 'worker' }),
      listen: (...said) => speech.say(...said),
      silence: () => speech.stop(),
      print: (parts, css) => transcript.print(parts, css),
    };
  }

  /** Make it the transcript's, ready for these replies. */
  async bring(language, replies) {
    await Promise.race([
      this.#prepare(language, replies).catch(() => {}),
      new Promise((over) => setTimeout(over, WAIT_MS)),
    ]);
  }

  async #prepare(language, replies) {
    if (!this.#transcript.aid) {
      const { Aid } = await import(`${this.#origin}/aid.js`);
      this.#transcript.aid ||= new Aid(this.#chat);
    }
    await this.#transcript.aid.prepare(language, replies);
  }
}
