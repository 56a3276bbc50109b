/**
 * A worker's notes for a referral, in the order in which the Home Office's form asks (its source:
 * github.com/UKHomeOffice/modern-slavery, apps/nrm): built in the page, never sent, never kept.
 *
 * In English, with the person's own language beside what they should check. What Waymark never
 * asks (names, dates, addresses) is left blank, to be written by hand.
 */

import { isAnswer } from './answers.js';
import css from './generated/notes.min.css';
import { el, lines, sheet } from './dom.js';
import { asTag } from './strings.js';

const SEVEN = ['feels_safe', 'made_to_do', 'hours', 'is_paid', 'bank_access', 'someone_to_call', 'situation'];

/** Heading, the answers in it, what is left blank, and whether the person should check it. */
const PARTS = [
  { heading: 'aid_part_person', records: ['person_age', 'care_needs'], blank: 'aid_blank_person' },
  { heading: 'aid_part_talk', records: ['interpreter', 'person_language'] },
  { heading: 'aid_part_happened', records: [...SEVEN, 'understood'], isChecked: true },
  { heading: 'aid_part_when', records: [], blank: 'aid_blank_when' },
  { heading: 'aid_part_where', records: [], blank: 'aid_blank_where' },
  { heading: 'aid_part_who', records: [], blank: 'aid_blank_who' },
  { heading: 'aid_part_known', records: ['observed'] },
  { heading: 'aid_part_needs', records: ['needs_now'], isChecked: true },
  { heading: 'aid_part_consent', records: ['consent'], isChecked: true },
  { heading: 'aid_part_steps', records: [], hasSteps: true },
  { heading: 'aid_part_worker', records: ['worker_role'], blank: 'aid_blank_worker' },
];
const STEPS = 'steps';
/** Records whose part, or the answer itself, says what was asked. */
const WITHOUT_QUESTION = ['understood', 'observed', 'needs_now'];
const NUMBER_OF_LINES = 3;

export class Notes {
  css = css;
  /** Record to its question in English, in the person's language, and what was chosen. */
  #records = new Map();
  #steps = [];
  /** The language of the person, if it is not English: code and direction. */
  other = null;

  clear() {
    this.#records.clear();
    this.#steps = [];
    this.other = null;
  }

  /** Take in a reply that belongs to the notes. */
  note(reply, language) {
    if (!reply.record) return;
    const sides = reply.sides || [];
    const english = sides.find((side) => side.language === 'en') || { ...reply, language };
    const theirs = sides.find((side) => side.language !== 'en');
    if (theirs) this.other = { language: theirs.language, dir: theirs.dir };
    if (reply.record === STEPS) this.#steps.push(english.text);
    else this.#records.set(reply.record, { record: reply.record, english, theirs, ids: [] });
  }

  /** What was chosen; answered again, the last answer counts. */
  keep(record, ids) {
    const noted = this.#records.get(record);
    if (noted) noted.ids = ids.filter(isAnswer);
  }

  /**
   * @param {{english: (key: string) => string, theirs: (key: string) => string}} words
   * @returns {Node[]} what is printed
   */
  parts(words) {
    return [
      el('h1', {}, words.english('aid_title')),
      el('p', {}, words.english('aid_note')),
      this.#beside(el('p', { class: 'check' }, words.english('aid_check')), words.theirs('aid_check')),
      ...PARTS.flatMap((part) => this.#part(part, words)),
    ];
  }

  /** Save the notes as a file, by the worker's own act: it leaves the browser for the device. */
  save(words) {
    const title = el('title', {}, words.english('aid_title')).outerHTML;
    // Its style stays text here: the page's own policy would refuse it as an element.
    const style = `<style>@page{size:A4;margin:18mm}${css.replaceAll(':host', 'body')}</style>`;
    const head = `<head><meta charset="utf-8">${title}${style}</head>`;
    const body = el('body', {}, ...this.parts(words)).outerHTML;
    const file = new Blob([`<!doctype html>\n<html lang="en">${head}${body}</html>\n`], { type: 'text/html' });
    const href = URL.createObjectURL(file);
    el('a', { href, download: 'notes.html' }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }

  #part({ heading, records, blank, isChecked, hasSteps }, words) {
    const noted = records.map((record) => this.#records.get(record)).filter(Boolean);
    const said = isChecked ? words.theirs : () => '';
    const asked = noted.filter(({ record }) => !WITHOUT_QUESTION.includes(record));
    const listed = noted.filter(({ record }) => WITHOUT_QUESTION.includes(record));
    const steps = hasSteps ? this.#steps : [];
    return [
      el('h2', {}, this.#beside(el('span', {}, words.english(heading)), said(heading))),
      asked.length > 0 && el('dl', {}, ...asked.flatMap((each) => [this.#question(each, isChecked), ...this.#answers('dd', each, isChecked)])),
      listed.length > 0 && el('ul', {}, ...listed.flatMap((each) => this.#answers('li', each, isChecked))),
      steps.length > 0 && el('ul', {}, ...steps.map((step) => el('li', {}, ...lines(step)))),
      blank && el('p', { class: 'blank' }, `${words.english(blank)}. ${words.english('aid_by_hand')}`),
      blank && el('div', { class: 'lines', 'aria-hidden': 'true' }, ...Array.from({ length: NUMBER_OF_LINES }, () => el('hr'))),
    ].filter(Boolean);
  }

  #question({ english, theirs }, isChecked) {
    const last = (side) => side.text.split('\n').at(-1);
    return el('dt', {}, this.#beside(el('span', {}, last(english)), isChecked && theirs && last(theirs)));
  }

  /** What was chosen, or a line to write on. */
  #answers(tag, { english, theirs, ids }, isChecked) {
    const labels = (side) => side.choices.filter(({ id }) => ids.includes(id)).map(({ label }) => label);
    const ours = labels(english);
    const other = isChecked && theirs ? labels(theirs) : [];
    return (ours.length ? ours : ['']).map((label, at) =>
      el(tag, label ? {} : { class: 'open' }, this.#beside(el('span', {}, label), other[at])),
    );
  }

  /** English, and the person's own words beside it. */
  #beside(node, theirs) {
    if (!theirs || !this.other) return node;
    const { language, dir } = this.other;
    return el('span', { class: 'pair' }, node, el('span', { class: 'other', lang: asTag(language), dir }, theirs));
  }
}
