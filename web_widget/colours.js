/** A host's colour, used where text in it can be read. */

/** WCAG 2.2, 1.4.3. */
const ENOUGH = 4.5;
/** How much of the colour is in the tint below it; as `--wm-tint` in widget.css. */
const TINT = 0.12;

/** Relative luminance by WCAG 2.2, 0 to 1, of red, green and blue from 0 to 1. */
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return (2126 * r + 7152 * g + 722 * b) / 10000;
}

/**
 * Whether text in a colour can be read in the light theme: on white, and on white with a little
 * of itself. White text on the colour can then be read too.
 * @param {string} colour as #rrggbb
 */
export function isReadable(colour) {
  const ink = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const paper = ink.map((part) => 1 - TINT * (1 - part));
  return (luminance(paper) + 0.05) / (luminance(ink) + 0.05) >= ENOUGH;
}

/** The style that goes after ours. The dark theme keeps its own. */
export const accentCss = (colour) => `@media(prefers-color-scheme:light){.root{--wm-accent:${colour}}}`;
