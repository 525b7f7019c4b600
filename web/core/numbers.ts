import { interval, short } from '../../src/numeric/short-number.js';
import { element } from './element.js';

/**
 * A number of a document of the command line, as the command line shows it. `json` is its place in that document, such as
 * `states[0].loss`; the command that prints the document stands on an element around it (`evidence`).
 */
export function shown(value: number | null, json: string, digits = 6): HTMLOutputElement {
  return element('output', { data: { json, digits: String(digits) } }, value === null ? '–' : short(value, digits));
}

/** An interval of such a document. */
export function shownInterval(
  value: { readonly lower: number; readonly upper: number },
  json: string,
  digits = 6,
): HTMLOutputElement {
  return element('output', { data: { json, digits: String(digits) } }, interval(value, digits));
}

/** What a command prints, or a part of it. Every number in it is held against that command by a test. */
export function evidence(command: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element('section', { className: 'evidence', data: { command } }, ...children, commandLine(command));
}

/** A command to copy. */
export function commandLine(command: string): HTMLElement {
  const text = `npx tiny-subspace ${command}`;
  const button = element('button', { type: 'button', 'aria-label': `copy the command ${text}` }, 'copy');
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(text).then(() => {
      button.textContent = 'copied';
      setTimeout(() => (button.textContent = 'copy'), 1500);
    });
  });
  return element('p', { className: 'command' }, element('code', {}, text), ' ', button);
}
