/** Tells when nobody has used the chat for as long as the server keeps it, and shortly before. */

const IDLE_MS = 30 * 60 * 1000;
const WARN_MS = 25 * 60 * 1000;
const CHECK_MS = 20 * 1000;
const SIGNS_OF_LIFE = ['input', 'keydown', 'pointerdown'];

/** Looks at the clock now and then, because timers stand still while a device sleeps. */
export class Idle {
  #last = 0;
  #heard = 0;
  #timer = 0;
  #act;
  #warn;

  /**
   * @param {() => void} act called once when the time is over
   * @param {() => void} warn called once when the server has heard nothing for almost as long
   */
  constructor(act, warn) {
    this.#act = act;
    this.#warn = warn;
  }

  /** Count anew whenever this element is used. */
  watch(element) {
    for (const type of SIGNS_OF_LIFE) element.addEventListener(type, this.#touch, true);
  }

  /** Count from now: the server hears of the conversation. */
  start() {
    this.#last = this.#heard = Date.now();
    if (this.#timer) return;
    this.#timer = setInterval(this.#check, CHECK_MS);
    document.addEventListener('visibilitychange', this.#check);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    document.removeEventListener('visibilitychange', this.#check);
  }

  /** Somebody is there, but the time may have been over before. */
  #touch = () => {
    this.#check();
    if (this.#timer) this.#last = Date.now();
  };

  #check = () => {
    if (!this.#timer) return;
    if (Date.now() - this.#last >= IDLE_MS) {
      this.stop();
      this.#act();
    } else if (Date.now() - this.#heard >= WARN_MS) {
      this.#heard = Infinity;
      this.#warn();
    }
  };
}
