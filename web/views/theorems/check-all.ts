import { element } from '../../core/element.js';
import type { ClaimCard } from './claim-card.js';

/** A button that checks all claims that are shown, with progress, and one that cancels it. */
export function checkAll(shown: () => readonly ClaimCard[], left: AbortSignal): HTMLElement {
  const start = element('button', { type: 'button' }, 'check all that are shown');
  const stop = element('button', { type: 'button', hidden: true }, 'cancel all');
  const bar = element('progress', { hidden: true, 'aria-label': 'claims checked' });
  const text = element('span', { role: 'status' });
  let asked: readonly ClaimCard[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;

  const end = (said: string): void => {
    clearInterval(timer);
    asked = [];
    start.disabled = false;
    stop.hidden = bar.hidden = true;
    text.textContent = said;
  };
  start.addEventListener('click', () => {
    const began = performance.now();
    const failed: string[] = [];
    let cancelled = 0;
    let done = 0;
    asked = shown();
    const [count, seconds] = [asked.length, (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`];
    if (count === 0) return;
    start.disabled = true;
    stop.hidden = bar.hidden = false;
    [bar.max, bar.value] = [count, 0];
    text.textContent = '';
    const elapsed = element('span', { 'aria-hidden': 'true' });
    text.append(`checking ${count} claims`, elapsed);
    timer = setInterval(() => {
      elapsed.textContent = ` … ${done} done, ${seconds()}`;
    }, 100);
    for (const card of asked)
      card.check((ok) => {
        bar.value = ++done;
        if (ok === undefined) cancelled++;
        else if (!ok) failed.push(card.claim.id);
        if (done === count)
          end(
            `${count - cancelled} checked in ${seconds()}: ${failed.length === 0 ? 'all as expected' : `not as expected: ${failed.join(', ')}`}${cancelled === 0 ? '' : `; ${cancelled} cancelled`}`,
          );
      });
  });
  stop.addEventListener('click', () => {
    const cancelled = asked;
    for (const card of [...cancelled].reverse()) card.cancel(); // those that wait first, so that none of them is begun
    end('cancelled');
  });
  left.addEventListener('abort', () => {
    clearInterval(timer);
  });
  return element('div', { className: 'tools all' }, start, stop, bar, text);
}
