/** The fixed texts of the chat, in the language that its strings are in. */

import { el } from './dom.js';

export class Labels {
  #texts = [];

  /** A text of its own. */
  text(key, tag = 'span', props = {}) {
    const node = el(tag, props);
    this.#texts.push([node, key]);
    return node;
  }

  /** A text in an attribute, such as the name of a button with nothing but an icon. */
  name(node, key, attribute = 'aria-label') {
    this.#texts.push([node, key, attribute]);
    return node;
  }

  /** @param {import('./strings.js').Strings} strings */
  fill(strings) {
    for (const [node, key, attribute] of this.#texts) {
      if (attribute) node.setAttribute(attribute, strings.get(key));
      else node.textContent = strings.get(key);
    }
  }
}
