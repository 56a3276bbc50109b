/** A box to write in, kept from the browser's helpers. */

import { el } from './dom.js';

/** As many as the server takes: a shorter limit would cut what is pasted, and say nothing. */
const MAX_CHARS = 10000;

/** @param {Object<string, *>} props see el() */
export const box = (props) =>
  el('textarea', {
    dir: 'auto',
    maxlength: String(MAX_CHARS),
    autocomplete: 'off',
    // Some browsers, and some of their extensions, send what is typed away to check, finish
    // or translate it.
    spellcheck: 'false',
    writingsuggestions: 'false',
    translate: 'no',
    'data-gramm': 'false',
    'data-enable-grammarly': 'false',
    ...props,
  });
