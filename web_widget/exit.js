/**
 * Leaving quickly: wipes first, then goes to a neutral site in the same tab, so that Back does
 * not lead here. After the design of GOV.UK's 'Exit this page'. It can't clear the browser's
 * history, and never says that it does.
 */

import { el, hidden } from './dom.js';

const PRESSES = 3;
const WINDOW_MS = 5000;
export const DEFAULT_EXIT_URL = 'https://www.bbc.co.uk/weather';

/**
 * Blank everything and go; the whole tab when the widget sits in a frame. The site that is gone
 * to is not told where the person was.
 * @param {ShadowRoot} root emptied, and laid over all that the page has
 * @param {string} text what the blank page and its tab say
 * @param {string} url
 */
export function leaveFrom(root, text, url) {
  const blank = el('div', { class: 'blank', role: 'alert', popover: 'manual' }, hidden(text));
  root.replaceChildren(blank);
  if (blank.showPopover) blank.showPopover();
  const { title } = document;
  document.title = text;
  // A page that the browser has kept comes back under its own name.
  window.addEventListener('pageshow', () => { document.title = title; }, { once: true });
  document.head.append(el('meta', { name: 'referrer', content: 'no-referrer' }));
  replacePage(url);
}

function replacePage(url) {
  if (window.top !== window.self) {
    try {
      window.top.location.replace(url);
      return;
    } catch {
      // The frame may not steer the tab: leave the frame at least.
    }
  }
  window.location.replace(url);
}

/** Counts presses of Shift alone; three in a row leave. */
export class ShiftKeys {
  #count = 0;
  #isAlone = false;
  #timer = 0;
  #act;

  /** @param {{onCount: (count: number) => void, onCancel: () => void, onLeave: () => void}} act */
  constructor(act) {
    this.#act = act;
  }

  listen() {
    document.addEventListener('keydown', this, true);
    document.addEventListener('keyup', this, true);
  }

  ignore() {
    document.removeEventListener('keydown', this, true);
    document.removeEventListener('keyup', this, true);
    this.#reset();
  }

  /** @param {KeyboardEvent} event */
  handleEvent(event) {
    const isShift = event.key === 'Shift';
    // A page that listens for the same keys itself leaves by itself; `pagehide` wipes.
    if (document.body.dataset.govukFrontendExitThisPageKeypress) return;
    if (event.type === 'keydown') {
      // With Alt or Ctrl, Shift changes the language of the keyboard.
      const isAlone = isShift && !event.altKey && !event.ctrlKey && !event.metaKey;
      if (!isAlone) this.#reset();
      this.#isAlone = isAlone;
    } else if (isShift && this.#isAlone) {
      this.#press();
    }
  }

  #press() {
    this.#isAlone = false;
    this.#count += 1;
    clearTimeout(this.#timer);
    if (this.#count === PRESSES) {
      this.#reset();
      this.#act.onLeave();
      return;
    }
    this.#act.onCount(this.#count);
    this.#timer = setTimeout(() => {
      this.#count = 0;
      this.#act.onCancel();
    }, WINDOW_MS);
  }

  #reset() {
    clearTimeout(this.#timer);
    if (this.#count) this.#act.onCount(0);
    this.#count = 0;
  }
}
