import type { StatedClaim } from '../../../theory/claims.js';
import { element } from '../../core/element.js';
import type { CheckQueue, CheckJob } from './check-queue.js';
import { outcomeElement } from './outcome.js';

/** A claim on the page. */
export interface ClaimCard {
  readonly claim: StatedClaim;
  readonly root: HTMLElement;
  /** Checks it anew, and says at the end whether it is as expected; undefined where the check is cancelled. */
  readonly check: (onEnd: (ok: boolean | undefined) => void) => void;
  readonly cancel: () => void;
}

const badges = { proved: 'proved', checked: 'checked', refuted: 'false' } as const;

/** What a claim says, how it is shown, and buttons that check it, or break what it is about. */
export function claimCard(
  claim: StatedClaim,
  formulaBox: (name: string, formula: string) => HTMLElement,
  queue: CheckQueue,
  left: AbortSignal,
): ClaimCard {
  const { id, statement, formula, assumptions, method, reference, expected, wrong } = claim;
  const outcome = element('div', { className: 'outcomes' });
  const progress = element('p', { className: 'progress', role: 'status' });
  let job: CheckJob | undefined;
  let ended: ((ok: boolean | undefined) => void) | undefined;

  const end = (): void => {
    job = undefined;
    clearInterval(timer);
    progress.replaceChildren();
    for (const button of [check, breaks]) button.disabled = false;
    stop.hidden = true;
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const ask = (isBroken: boolean, onEnd?: typeof ended): void => {
    if (job !== undefined) return;
    ended = onEnd;
    let ok = true;
    outcome.replaceChildren();
    progress.textContent = 'waiting for a free worker';
    for (const button of [check, breaks]) button.disabled = true;
    stop.hidden = false;
    job = {
      question: { id, isBroken },
      onStart() {
        const elapsed = element('span', { 'aria-hidden': 'true' });
        const start = performance.now();
        progress.replaceChildren(isBroken ? 'checking with what is wrong' : 'checking', elapsed);
        timer = setInterval(() => {
          elapsed.textContent = ` … ${((performance.now() - start) / 1000).toFixed(1)} s`;
        }, 100);
      },
      onAnswer(answer) {
        ok &&= answer.verified.ok;
        outcome.append(outcomeElement(answer));
      },
      onEnd(failure) {
        end();
        if (failure !== undefined) progress.textContent = `this could not be checked: ${failure}`;
        ended?.(ok && failure === undefined);
      },
    };
    queue.add(job);
  };
  const cancel = (): void => {
    if (job === undefined) return;
    queue.cancel(job);
    end();
    progress.textContent = 'cancelled';
    ended?.(undefined);
  };
  const button = (text: string, label: string, onClick: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button', 'aria-label': `${label}: ${id}` }, text);
    made.addEventListener('click', onClick);
    return made;
  };
  const check = button('check it here', 'check it here', () => {
    ask(false);
  });
  const breaks = button('break it', 'break it', () => {
    ask(true);
  });
  const stop = button('cancel', 'cancel', cancel);
  stop.hidden = true;
  left.addEventListener('abort', () => {
    clearInterval(timer);
  });
  const root = element(
    'article',
    { className: 'claim', tabIndex: -1, data: { id }, 'aria-labelledby': `claim-${id}` },
    element(
      'h3',
      { id: `claim-${id}` },
      element('a', { href: `#/theorems?id=${id}` }, id),
      ' ',
      element('span', { className: `badge ${expected}` }, badges[expected]),
    ),
    element('p', { className: 'statement' }, statement),
    formulaBox(id, formula),
    element(
      'dl',
      {},
      element('dt', {}, 'assumes'),
      element('dd', {}, assumptions),
      element('dt', {}, 'shown by'),
      element('dd', {}, `${method} (${reference})`),
      element('dt', {}, 'notices'),
      element('dd', {}, wrong.join('; ')),
    ),
    element('div', { className: 'tools' }, check, breaks, stop, progress),
    outcome,
  );
  return {
    claim,
    root,
    check(onEnd) {
      cancel();
      ask(false, onEnd);
    },
    cancel,
  };
}
