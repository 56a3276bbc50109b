/** Small helpers that build DOM nodes. Text only ever enters as text, never as markup. */

const SVG = 'http://www.w3.org/2000/svg';

/** Paths on a 24 by 24 grid, drawn with the colour of the text around them. */
const ICONS = {
  call: 'M6.6 3.5 9 3l2 4.5-2 1.6a12 12 0 0 0 5.9 5.9l1.6-2L21 15l-.5 2.4c-.4 1.9-1.7 3.1-3.5 3.1C10 20.5 3.5 14 3.5 7c0-1.8 1.2-3.1 3.1-3.5Z',
  text: 'M4 5h16v11H9l-5 4V5Z',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  exit: 'M10 4H5v16h5M14 8l4 4-4 4M9 12h9',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18',
  listen: 'M4 10v4h3l5 4V6l-5 4H4ZM15.5 9c2 1.7 2 4.3 0 6M18 6.5c3.5 3 3.5 8 0 11',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7v-6Z',
  send: 'M4 12h15M13 6l6 6-6 6',
  urgent: 'M12 4 2.5 20h19L12 4ZM12 10v5M12 17.4v.2',
  web: 'M13 5h6v6M19 5l-9 9M16 14v5H5V8h5',
};

/**
 * Build an element.
 * @param {string} tag
 * @param {Object<string, *>} [props] `class`, `onclick` and the like, or attributes;
 *   false, null and undefined are left out, true gives an empty attribute.
 * @param {...(Node|string|null|false)} children
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child || child === ''));
  return node;
}

/** @param {keyof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Text that only screen readers meet. */
export const hidden = (text) => el('span', { class: 'vh' }, text);

/**
 * Text in which numbers of three digits or more keep their order in every script and
 * do not break over lines: in Arabic, '08 00' would else be shown as '00 08'.
 * @param {string} text
 * @returns {Array<Node|string>}
 */
export function withNumbers(text) {
  return text
    .split(/(\+?\d[\d\u00a0 ]+\d)/)
    .map((part, at) => (at % 2 ? el('span', { class: 'number', dir: 'ltr' }, part) : part));
}

const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Text as one element a line, each in the direction of its own first letter: an English line
 * in an Arabic reply reads from the left. A line that is mostly in the direction of the text,
 * and only begins with a foreign name, keeps it; so does a line without letters.
 * @param {string} text
 * @param {'ltr'|'rtl'} [dir] the direction of the text as a whole
 * @returns {HTMLElement[]}
 */
export function lines(text, dir) {
  return text.split('\n').map((line) => {
    const letters = line.match(/\p{L}/gu) || [];
    const rtl = letters.filter((letter) => RTL_LETTER.test(letter)).length;
    const mostly = rtl * 2 > letters.length ? 'rtl' : 'ltr';
    return el('span', { class: 'line', dir: letters.length > 0 && mostly !== dir && 'auto' }, ...withNumbers(line));
  });
}

/** A style as an object: a page may forbid every style that is written into it. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
