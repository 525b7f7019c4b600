import { colours } from '../../core/colours.js';
import type { TrainRecord } from '../../../src/train/observables/index.js';
import type { OpenedRun } from './opened-run.js';

/** A run that is drawn, and how: told apart by colour and by dash. */
export interface ShownRun extends OpenedRun {
  readonly colour: string;
  readonly dash: string;
  /** Of its dots, where these are not joined. */
  readonly symbol: (typeof symbols)[number];
  /** Its records, as many as a curve needs. */
  readonly drawn: readonly TrainRecord[];
}

const palette = [colours.blue, colours.vermilion, colours.green, colours.purple, colours.orange, colours.ink];
const dashes = ['', '7 3', '2 3', '9 3 2 3', '12 4', '1 4'];

/** What Observable Plot calls them, and a character of that form. */
const symbols = [
  { name: 'circle', form: '●' },
  { name: 'triangle', form: '▲' },
  { name: 'diamond', form: '◆' },
  { name: 'square', form: '■' },
  { name: 'star', form: '★' },
  { name: 'cross', form: '✚' },
] as const;

/** Runs that can be told apart. */
export const mostRuns = 12;
/** Records of a run that a curve needs. */
export const mostDrawn = 2000;

/** How the i-th run looks. */
export function shownRun(run: OpenedRun, i: number): ShownRun {
  const every = Math.ceil(run.records.length / mostDrawn);
  const drawn = run.records.filter((_, at) => at % every === 0 || at === run.records.length - 1);
  const row = Math.floor(i / palette.length);
  return {
    ...run,
    colour: palette[i % palette.length]!,
    dash: dashes[(i + row) % dashes.length]!,
    symbol: symbols[(i + row) % symbols.length]!,
    drawn,
  };
}

/** The measurement nearest to a share of the steps of a run, 1 the last. */
export function recordAt({ records }: OpenedRun, share: number): TrainRecord | undefined {
  const step = share * (records.at(-1)?.step ?? 0);
  return records.reduce<TrainRecord | undefined>(
    (best, one) => (best === undefined || Math.abs(one.step - step) < Math.abs(best.step - step) ? one : best),
    undefined,
  );
}
