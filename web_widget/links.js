/** Phone numbers, text-message numbers and web pages as large cards to touch. */

import { el, hidden, icon, withNumbers } from './dom.js';

/** What each kind of link may lead to; anything else is not shown. */
const SCHEMES = { call: /^tel:[+\d]/, text: /^sms:[+\d]/, web: /^https:\/\// };

/**
 * @param {Array<{label: string, href: string, kind: 'call'|'text'|'web'}>} links
 * @param {(key: string) => string} t
 * @returns {HTMLUListElement|null} null when there is nothing to show
 */
export function linkCards(links, t) {
  const cards = links
    .filter(({ href, kind }) => SCHEMES[kind] && SCHEMES[kind].test(href))
    .map(({ label, href, kind }) => {
      const isWeb = kind === 'web';
      const card = el(
        'a',
        { class: `card card-${kind}`, href, rel: 'noreferrer noopener', target: isWeb && '_blank' },
        icon(kind),
        el('span', { dir: 'auto' }, ...withNumbers(label)),
        isWeb && hidden(` (${t('opens_new_tab')})`),
      );
      return el('li', {}, card);
    });
  return cards.length ? el('ul', { class: 'cards', role: 'list' }, ...cards) : null;
}
