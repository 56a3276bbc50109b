/** The script a host includes: defines <waymark-chat> and, if there is none, adds one. */

import { ATTRIBUTES } from './generated/attributes.js';
import { WaymarkChatElement } from './waymark-chat-element.js';

const script = document.currentScript;
const { origin } = new URL(script ? script.src : '', document.baseURI);

function add() {
  if (document.querySelector('waymark-chat')) return;
  const chat = document.createElement('waymark-chat');
  // Plain or with `data-`; `language` must have it, because <script language="es"> is old HTML
  // for 'this is not JavaScript' and would never run.
  for (const name of Object.keys(ATTRIBUTES)) {
    const value = script && (script.getAttribute(name) ?? script.getAttribute(`data-${name}`));
    if (typeof value === 'string') chat.setAttribute(name, value);
  }
  if (chat.hasAttribute('inline') && script.parentNode !== document.head) script.after(chat);
  else document.body.append(chat);
}

function addPlainLink() {
  const link = document.createElement('a');
  link.href = `${origin}/`;
  link.rel = 'noreferrer';
  link.textContent = 'Waymark';
  document.body.append(link);
}

function whenParsed(act) {
  if (document.readyState !== 'loading') act();
  else document.addEventListener('DOMContentLoaded', act);
}

if ('adoptedStyleSheets' in Document.prototype && 'replaceSync' in CSSStyleSheet.prototype) {
  WaymarkChatElement.origin = origin;
  WaymarkChatElement.define();
  whenParsed(add);
} else if (!document.querySelector('waymark-chat')) {
  whenParsed(addPlainLink); // an old browser: the full page works without script
}
