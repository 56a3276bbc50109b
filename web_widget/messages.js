/** Draws messages. Knows nothing of the server: what is chosen goes to the callbacks. */

import { isAnswer } from './answers.js';
import { el, hidden, icon, lines, withNumbers } from './dom.js';
import { linkCards } from './links.js';
import { listenButton } from './listen.js';
import { voiceFor } from './speech.js';
import { asTag } from './strings.js';

let lastId = 0;

/**
 * A reply of the assistant.
 *
 * An urgent one is `aria-live=off` here, because the caller announces it in the assertive
 * region: it must not be heard twice. What to call stands right below its first line.
 *
 * @param {object} reply as the server sends it
 * @param {{language: string, dir: 'ltr'|'rtl'}} turn what the reply is written in
 * @param {{
 *   t: (key: string) => string,
 *   onChoose: (ids: string[], isMultiple: boolean, choices: Choices) => void,
 *   onEmpty: () => void,
 *   onPrint: () => void,
 *   onListen: (text: string, language: string, over: () => void) => void,
 *   onSilence: () => void,
 * }} act
 * @param {string|false} [aloud] what its button reads aloud, if it has one
 * @returns {{node: HTMLElement, choices: Choices|null}}
 */
export function replyMessage(reply, { language, dir }, act, aloud) {
  const isUrgent = reply.tone === 'urgent';
  const id = `text-${(lastId += 1)}`;
  const choices = reply.choices && reply.choices.length ? new Choices(reply, id, act) : null;
  const links = reply.links || [];
  const isFirst = ({ kind }) => isUrgent && kind === 'call';
  const text = lines(reply.text, dir);
  const rest = isUrgent ? text.splice(1) : [];
  const node = el(
    'div',
    { class: `message reply${isUrgent ? ' urgent' : ''}`, lang: asTag(language), dir, 'aria-live': isUrgent && 'off' },
    hidden(act.t('from_waymark')),
    isUrgent && el('p', { class: 'tag' }, icon('urgent'), act.t('urgent')),
    reply.progress && el('p', { class: 'progress' }, reply.progress),
    el('p', { class: 'text', id }, ...text),
    linkCards(links.filter(isFirst), act.t),
    rest.length > 0 && el('p', { class: 'text rest' }, ...rest),
    linkCards(links.filter((link) => !isFirst(link)), act.t),
    choices && choices.node,
    aloud && voiceFor(language) && listenButton(aloud, language, act),
    reply.printable &&
      el('button', { class: 'choice', type: 'button', onclick: act.onPrint }, icon('print'), act.t('print_summary')),
  );
  return { node, choices };
}

/** What the person said or chose; not announced, because they have just done it. */
export function ownMessage(text, { language, dir }, t) {
  return el(
    'div',
    { class: 'message own', lang: asTag(language), dir, 'aria-live': 'off' },
    hidden(t('from_you')),
    el('p', { class: 'text', translate: 'no' }, ...lines(text)), // or the browser sends it away
  );
}

/** What can be done when a conversation is over. */
export function endButtons({ t, onRestart, onLeave }) {
  const button = (key, onclick) => el('button', { class: 'choice', type: 'button', onclick }, t(key));
  return el('div', { class: 'choices end' }, button('start_again', onRestart), button('exit', onLeave));
}

/** The buttons or check boxes of one reply. */
export class Choices {
  #controls;
  #act;

  constructor(reply, textId, act) {
    this.reply = reply;
    this.#act = act;
    const isForm = reply.multiple && reply.choices.some(({ id }) => isAnswer(id));
    this.node = isForm ? this.#boxes(textId) : this.#buttons(textId);
    this.#controls = [...this.node.querySelectorAll('button, input')];
  }

  /**
   * Mark what was chosen and switch the rest off. The chosen button keeps the focus; what is
   * switched off with the focus on it, such as a box where Enter was pressed, hands it on.
   */
  use(ids) {
    const active = this.node.getRootNode().activeElement;
    const hasTicked = this.#controls.some(({ type, value }) => type === 'checkbox' && ids.includes(value));
    for (const control of this.#controls) {
      if (control.type === 'button' && ids.includes(control.value)) {
        control.setAttribute('aria-disabled', 'true');
        control.setAttribute('aria-pressed', 'true');
        control.prepend(icon('check'));
      } else if (control.type === 'submit' && hasTicked) {
        control.setAttribute('aria-disabled', 'true');
      } else {
        control.disabled = true;
      }
    }
    if (this.#controls.includes(active) && active.disabled) {
      const next = this.node.querySelector('[type=submit][aria-disabled]') || this.node.closest('.scroller');
      next.focus({ preventScroll: true });
    }
  }

  /** Make them usable again, after a failure. */
  reopen() {
    for (const control of this.#controls) {
      control.disabled = false;
      control.removeAttribute('aria-disabled');
      control.removeAttribute('aria-pressed');
      const mark = control.querySelector('.icon-check');
      if (mark) mark.remove();
    }
  }

  /** The conversation has moved on: switch off what was not used. */
  close() {
    if (!this.#controls.some((control) => control.getAttribute('aria-disabled'))) this.use([]);
  }

  labels(ids) {
    return this.reply.choices.filter(({ id }) => ids.includes(id)).map(({ label }) => label);
  }

  #buttons(textId) {
    return el(
      'div',
      { class: 'choices', role: 'group', 'aria-labelledby': textId },
      ...this.reply.choices.map((choice) => this.#button(choice)),
    );
  }

  #button({ id, label }) {
    return el(
      'button',
      { class: 'choice', type: 'button', value: id, onclick: (event) => this.#choose(event, [id], false) },
      el('span', { dir: 'auto' }, ...withNumbers(label)),
    );
  }

  #boxes(textId) {
    const { t } = this.#act;
    const hint = `hint-${textId}`;
    const form = el(
      'form',
      {
        onsubmit: (event) => {
          const ticked = [...form.querySelectorAll(':checked')].map((box) => box.value);
          this.#choose(event, ticked, true);
        },
      },
      el(
        'fieldset',
        { class: 'boxes', 'aria-labelledby': `${textId} ${hint}` },
        el('p', { class: 'hint', id: hint }, t('choose_many')),
        ...this.reply.choices.filter(({ id }) => isAnswer(id)).map(({ id, label, ticked }) =>
          el(
            'label',
            { class: 'box' },
            el('input', { type: 'checkbox', value: id, autocomplete: 'off', checked: ticked }),
            el('span', { dir: 'auto' }, ...withNumbers(label)),
          ),
        ),
      ),
      el(
        'div',
        { class: 'choices' },
        el('button', { class: 'choice strong', type: 'submit' }, t('send_choices')),
        ...this.reply.choices.filter(({ id }) => !isAnswer(id)).map((choice) => this.#button(choice)),
      ),
    );
    return form;
  }

  #choose(event, ids, isMultiple) {
    event.preventDefault();
    const button = event.submitter || event.currentTarget;
    if (this.node.querySelector('[aria-disabled]') || button.disabled) return;
    if (ids.length) this.#act.onChoose(ids, isMultiple, this);
    else this.#act.onEmpty();
  }
}
