/** Tells when nobody has used the chat for as long as the server keeps it. */

const IDLE_MS = 30 * 60 * 1000;
const CHECK_MS = 20 * 1000;
const SIGNS_OF_LIFE = ['input', 'keydown', 'pointerdown'];

/** Looks at the clock now and then, because timers stand still while a device sleeps. */
export class Idle {
  #last = 0;
  #timer = 0;
  #act;

  /** @param {() => void} act called once when the time is over */
  constructor(act) {
    this.#act = act;
  }

  /** Count anew whenever this element is used. */
  watch(element) {
    for (const type of SIGNS_OF_LIFE) element.addEventListener(type, this.#touch, true);
  }

  /** Count from now. */
  start() {
    this.#last = Date.now();
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
    if (!this.#timer || Date.now() - this.#last < IDLE_MS) return;
    this.stop();
    this.#act();
  };
}
