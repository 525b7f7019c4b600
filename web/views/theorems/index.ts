import { claims } from 'virtual:claims';
import { element } from '../../core/element.js';
import { view } from '../../core/view.js';
import { checkAll } from './check-all.js';
import { createCheckQueue } from './check-queue.js';
import { claimCard } from './claim-card.js';
import { formulaBoxes } from './formula.js';
import './style.css';

const kinds = {
  all: 'all claims',
  proved: 'proved, by exact algebra',
  checked: 'checked numerically, with bounds',
  refuted: 'false, with a witness',
} as const;
/** No claim in particular. */
const none = 'none';

export const theoremsView = view({
  title: 'Theorems',
  lead: 'Every claim that this laboratory rests on, with its formula and how it is shown. A check derives the claim on its own and then asks the library’s code: run it here, or break that code and see the check say no.',
  controls: {
    show: {
      kind: 'choice',
      label: 'claims',
      help: 'Proved: in exact arithmetic. Checked: in floating point with stated bounds, or on random cases. False: tempting, and refuted.',
      options: kinds,
      initial: 'all',
    },
    id: {
      kind: 'choice',
      label: 'go\u00a0to',
      help: 'One claim by its name; its address can be shared.',
      options: { [none]: '–', ...Object.fromEntries(claims.map(({ id }) => [id, id])) },
      initial: none,
    },
  },
  fit: (settings) => {
    const { show, id }: Readonly<Record<'show' | 'id', string>> = settings;
    const claim = claims.find((one) => one.id === id);
    return claim === undefined || show === 'all' || claim.expected === show
      ? { settings, said: [] }
      : { settings: { ...settings, show: 'all' }, said: [`${id} is not among those that are ${show}: all are shown`] };
  },
  open({ content, settings, left }) {
    const formulaBox = formulaBoxes(left);
    const queue = createCheckQueue(left);
    const cards = claims.map((claim) => claimCard(claim, formulaBox, queue, left));
    const groups = [...new Set(claims.map(({ family }) => family))].map((title) => {
      const own = cards.filter(({ claim }) => claim.family === title);
      return {
        cards: own,
        root: element('section', { className: 'family' }, element('h2', {}, title), ...own.map(({ root }) => root)),
      };
    });
    const word = element('input', { type: 'search', id: 'claim-word', autocomplete: 'off', spellcheck: false });
    const count = element('span', { role: 'status', className: 'count' });
    const shown = (): typeof cards => cards.filter(({ root }) => !root.hidden);
    const filter = (): void => {
      const { show }: { readonly show: string } = settings();
      const wanted = word.value.trim().toLowerCase();
      for (const { claim, root } of cards) {
        const isOfKind = show === 'all' || claim.expected === show;
        root.hidden = !isOfKind || !textOf(claim).includes(wanted);
      }
      for (const group of groups) group.root.hidden = group.cards.every(({ root }) => root.hidden);
      count.textContent = `${shown().length} of ${cards.length} claims`;
    };
    word.addEventListener('input', filter);
    content.classList.add('theorems');
    content.append(
      element(
        'div',
        { className: 'wide bar' },
        element('label', { htmlFor: word.id }, 'search '),
        word,
        count,
        checkAll(shown, left),
      ),
      ...groups.map(({ root }) => root),
    );
    let at: string = none;
    let release = (): void => undefined;
    return ({ id }) => {
      filter();
      if (id === at) return;
      at = id;
      release();
      const card = cards.find(({ claim }) => claim.id === id);
      for (const { root } of cards) root.classList.toggle('chosen', root === card?.root);
      if (card === undefined) return;
      if (card.root.hidden) {
        word.value = '';
        filter();
      }
      release = holdInSight(card.root, content, left);
      card.root.focus({ preventScroll: true });
    };
  },
});

const textOf = ({ id, family, statement, assumptions, method, reference }: (typeof claims)[number]): string =>
  [id, family, statement, assumptions, method, reference].join(' ').toLowerCase();

/** Scrolls to it, and again where formulas above it are set and grow, until the reader moves or 3 s are over. Returns what ends this. */
function holdInSight(root: HTMLElement, content: HTMLElement, left: AbortSignal): () => void {
  root.scrollIntoView({ block: 'start', behavior: 'instant' });
  const observer = new ResizeObserver(() => {
    root.scrollIntoView({ block: 'start', behavior: 'instant' });
  });
  observer.observe(content);
  const release = (): void => {
    observer.disconnect();
  };
  for (const kind of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(kind, release, { once: true, passive: true, signal: left });
  setTimeout(release, 3000);
  left.addEventListener('abort', release);
  return release;
}
