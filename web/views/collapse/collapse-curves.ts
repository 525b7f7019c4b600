import { drawStatistics, solvedDraws } from '../../../src/studies/solve/draws.js';
import { findResponse, type ResponseSettings } from '../../../src/studies/solve/response.js';
import { firstTime, lastTime } from './controls.js';

/** What the curves are of: the settings of `response`, without noise those of `solve --draws`. */
export type CurvesRequest = Omit<ResponseSettings, 'times' | 'rho'>;

/** f_top(k) in time over draws of W(0). */
export interface CollapseCurves {
  readonly times: readonly number[];
  /** 5 %, 50 % and 95 % quantiles of the lower end at each time. */
  readonly quantiles: readonly (readonly [number, number, number])[];
  /** Draws so far, and asked for. */
  readonly drawn: number;
  readonly draws: number;
  /** Without noise: the exact curve of the first draw, that of `solve`. */
  readonly single?: readonly number[];
  /** With noise: the median without it, to first order as well. */
  readonly noiseless?: readonly number[];
  /** With noise: when the median is above the threshold. */
  readonly window?: { readonly opens: number | null; readonly closes: number | null };
}

const pause = 120; // ms between pictures

const logSpaced = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) =>
    i === n - 1 ? to : Number((from * (to / from) ** (i / (n - 1))).toPrecision(6)),
  );

/** The curves as they come: without noise draw by draw, exactly; with noise by linear response, at once. */
export function* collapseCurves(request: CurvesRequest): Generator<CollapseCurves | undefined> {
  yield undefined; // of several requests that wait only the last is worked on
  yield* request.noise === 0 ? exactCurves(request) : responseCurves(request);
}

function* exactCurves({ classes, dim, delta, draws, seed }: CurvesRequest): Generator<CollapseCurves | undefined> {
  const times = logSpaced(firstTime, lastTime({ noise: 0 }), 61);
  const model = { classes, dim, draws, seed, initial: `random:${delta}` };
  const lowers: number[][] = [];
  let shown = -Infinity;
  for (const values of solvedDraws(model, delta, times)) {
    lowers.push(values.map(({ lower }) => lower));
    const isDue = performance.now() - shown > pause || lowers.length === draws;
    if (isDue) shown = performance.now();
    const quantiles = (): CollapseCurves['quantiles'] =>
      times.map((_, i) => drawStatistics(lowers.map((draw) => draw[i]!)).quantiles);
    yield isDue ? { times, quantiles: quantiles(), drawn: lowers.length, draws, single: lowers[0]! } : undefined;
  }
}

function* responseCurves(request: CurvesRequest): Generator<CollapseCurves> {
  const times = logSpaced(firstTime, lastTime(request), 91);
  const settings = { ...request, rho: 0, times };
  const found = findResponse(settings);
  const { window, states } = found;
  const quantiles = states.map((state) => state.quantiles);
  const curves = {
    times: states.map(({ time }) => time),
    quantiles,
    drawn: request.draws,
    draws: request.draws,
    window,
  };
  yield curves;
  const without = findResponse({ ...settings, noise: 0 });
  yield { ...curves, noiseless: without.states.map((state) => state.quantiles[1]) };
}
