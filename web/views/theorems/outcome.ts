import type { VerifiedTheorem } from '../../../theory/verify.js';
import { commandLine } from '../../core/numbers.js';
import { element } from '../../core/element.js';
import type { Answer } from './questions.js';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 3 : 1)} s`;

/** What became of a claim, or of one under a wrong law. */
export function outcomeElement({ verified, wrong }: Answer): HTMLElement {
  return wrong === undefined ? checkedElement(verified) : brokenElement(verified, wrong);
}

function checkedElement({ id, verdict, expected, ok, evidence, milliseconds }: VerifiedTheorem): HTMLElement {
  const found = verdict === 'refuted' && ok ? 'refuted, as a false claim must be' : verdict;
  const text = ok ? `✓ ${found}` : `✗ ${verdict}, expected ${expected}`;
  return element(
    'div',
    { className: ok ? 'outcome ok' : 'outcome failed', data: { verdict, ok: String(ok) } },
    element('p', {}, element('strong', {}, text), `, here in ${seconds(milliseconds)}`),
    element('p', { className: 'found' }, evidence),
    commandLine(`theorems --only ${id} --evidence`),
  );
}

/** A wrong law must be noticed: a true claim is refuted with it, a false one no longer refuted. */
function brokenElement({ verdict, expected, ok, evidence, milliseconds }: VerifiedTheorem, wrong: string): HTMLElement {
  const noticed = expected === 'refuted' ? 'the false claim is no longer refuted for the right reason' : 'refuted';
  const text = ok ? `✗ not noticed: still ${verdict}` : `✓ noticed: ${noticed}`;
  return element(
    'div',
    { className: ok ? 'outcome failed' : 'outcome broken', data: { verdict, ok: String(ok), wrong } },
    element('p', {}, 'With ', element('em', {}, wrong), ' in place of what is right: '),
    element('p', {}, element('strong', {}, text), `, here in ${seconds(milliseconds)}`),
    element('p', { className: 'found' }, evidence),
  );
}
