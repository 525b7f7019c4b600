import { UsageError } from '../../errors.js';
import { marginPoint, noisyLevels } from '../../exact/noisy/index.js';
import { gaussHermite } from '../../numeric/quadrature/gauss-hermite.js';
import { gaussianOverlap } from '../../sgd-noise/index.js';
import type { EnergySector } from './sector-energies.js';
import { energySectors } from './sector-energies.js';
import type { LineBlocks } from './line-blocks.js';
import {
  applied,
  valueAlong,
  noiseAlong,
  sumOf,
  trace,
  type LineMode,
  type ExcursionState,
  type StepSetting,
} from './noise-recursion.js';
import type { SgdPathConfig } from './sgd-path.js';

/** What is expected of a run at one step, to leading order in η/b. */
export interface PredictedRecord {
  readonly step: number;
  readonly margin: number;
  readonly loss: number;
  /** E‖g‖², of which `flow` is the squared length of the mean. */
  readonly gradient: number;
  readonly flow: number;
  /** E‖P_s g‖² by sector of the line; 0 where there is none. */
  readonly sectors: Readonly<Record<EnergySector, number>>;
  /** E‖P_k g‖², P_k on the top k eigenvectors of H at W: an interval where k cuts a level. */
  readonly top: { readonly lower: number; readonly upper: number };
  /** The same with the eigenvectors of the line, that no excursion turns. */
  readonly topOfLine: { readonly lower: number; readonly upper: number };
  /** E overlap(g, Hg). */
  readonly overlap: number;
  /** f_top(k) of the path without noise. */
  readonly flowTopFraction: { readonly lower: number; readonly upper: number };
}

const hermite = gaussHermite(64);

/**
 * Closed forms at the margins of `noiseAlong`, whose `settingAt` it takes. Throws UsageError for a rate at which steps diverge or overshoot.
 * Cost: some milliseconds a record, and its own.
 */
export function predictedRun(
  config: SgdPathConfig,
  line: LineBlocks,
  settingAt: (step: number) => StepSetting = () => config,
): PredictedRecord[] {
  checkRate(config);
  return noiseAlong(config, line, settingAt).map((state) => predictedRecord(config, line, state));
}

/** Throws UsageError where gradient descent from this margin is unstable, or overshoots the optimal one. Curvatures fall along the line. */
function checkRate({ classes, dim, noise, margin, learningRate }: SgdPathConfig): void {
  const { levels } = noisyLevels({ classes, dim, noise, margin });
  const [largest, trivial] = [levels[0]!, levels.find(({ sector }) => sector === 'trivial')!].map(
    ({ value }) => value,
  ) as [number, number];
  const most = Math.min(2 / largest, 1 / trivial);
  if (!(learningRate < most)) {
    throw new UsageError(
      `the learning rate must be below ${most} there, where steps neither diverge nor overshoot the optimal margin; received ${learningRate}`,
    );
  }
}

/** What is expected where `noiseAlong` has come to. */
export function predictedRecord(
  { classes: k, noise }: SgdPathConfig,
  line: LineBlocks,
  { step, margin, shift, blocks, modes, excursions }: ExcursionState,
): PredictedRecord {
  const rate = line.rateAt(margin);
  const force =
    sumOf(blocks, ({ multiplicity, slope }, i) => multiplicity * trace(slope, excursions[i]!)) / (2 * (k - 1));
  const flow = (k - 1) * (-rate + blocks[0]!.hessian[0]! * shift + force) ** 2;
  const energy = ({ block }: LineMode, row: readonly number[]): number =>
    blocks[block]!.multiplicity * valueAlong(row, excursions[block]!, row);
  const own = ({ eigenvalue, vector }: LineMode): readonly number[] => vector.map((x) => eigenvalue * x);
  const isTrivial = ({ block }: LineMode): boolean => blocks[block]!.name === 'trivial';
  const plain = modes.map((mode) => energy(mode, own(mode)) + (isTrivial(mode) ? flow : 0));
  const total = sumOf(plain, (x) => x);
  /**
   * The energy along the eigenvectors of H at W, which the coupling x = δᵀH′v/‖B‖ turns by θ towards B, tan 2θ = 2x/(λ − λ_trivial): E(cos θ λ v·δ + sin θ G)², G the flow.
   * For small x this is the turned row of the mode; near a crossing they are mixed half and half.
   */
  const turnedEnergy = (mode: LineMode): number => {
    const { eigenvalue, vector, block } = mode;
    const { slope, size, multiplicity } = blocks[block]!;
    const coupling = applied(slope, vector, size).map((x) => x / Math.sqrt(k - 1));
    const variance = valueAlong(coupling, excursions[block]!, coupling);
    const along = valueAlong(own(mode), excursions[block]!, own(mode));
    const both = valueAlong(own(mode), excursions[block]!, coupling);
    const gap = eigenvalue - blocks[0]!.hessian[0]!;
    const slopeOnCoupling = variance > 0 ? both / variance : 0; // of λ v·δ on x
    const left = along - slopeOnCoupling * both;
    const mean = -Math.sign(rate) * Math.sqrt(flow);
    return (
      multiplicity *
      sumOf(Array.from(hermite.nodes), (node, i) => {
        const x = node * Math.sqrt(variance);
        const theta = Math.atan2(2 * x * Math.sign(gap), Math.abs(gap)) / 2;
        const [cosine, sine] = [Math.cos(theta), Math.sin(theta)];
        return hermite.weights[i]! * ((cosine * slopeOnCoupling * x + sine * mean) ** 2 + cosine ** 2 * left);
      })
    );
  };
  const turned = modes.map((mode) => (isTrivial(mode) ? 0 : turnedEnergy(mode)));
  const trivialIsInTop = modes.find(isTrivial)!.inTop === 1; // of multiplicity one, it is never cut
  const inTop = (chosen: (mode: LineMode) => boolean): number =>
    trivialIsInTop
      ? total - sumOf(turned, (x, i) => (chosen(modes[i]!) ? 0 : x))
      : sumOf(turned, (x, i) => (chosen(modes[i]!) ? x : 0));
  const ofLine = (chosen: (mode: LineMode) => boolean): number => sumOf(plain, (x, i) => (chosen(modes[i]!) ? x : 0));
  const whole = ({ inTop: share }: LineMode): boolean => share === 1;
  const partly = ({ inTop: share }: LineMode): boolean => share > 0;
  const excess = sumOf(blocks, ({ multiplicity, hessian }, i) => multiplicity * trace(hessian, excursions[i]!)) / 2;
  return {
    step,
    margin,
    // what takes milliseconds only where it is asked for
    get loss() {
      return marginPoint({ classes: k, noise, margin }).loss - (k - 1) * rate * shift + excess;
    },
    gradient: total,
    flow,
    sectors: bySector(blocks, modes, plain),
    top: { lower: inTop(whole), upper: inTop(partly) },
    topOfLine: { lower: ofLine(whole), upper: ofLine(partly) },
    get overlap() {
      return gaussianOverlap(
        modes.map((mode, i) => {
          const { multiplicity } = blocks[mode.block]!;
          const { eigenvalue } = mode;
          if (!isTrivial(mode)) return { eigenvalue, multiplicity, variance: turned[i]! / multiplicity };
          const variance = energy(mode, own(mode));
          const given = sumOf(turned, (x) => x);
          return { eigenvalue, multiplicity, variance, flow: Math.max(0, total - given - variance) };
        }),
      ).mean;
    },
    flowTopFraction: { lower: Number(trivialIsInTop), upper: Number(trivialIsInTop) },
  };
}

/** Energies by the names of sectors: of the standard block the larger eigenvalue is +. */
function bySector(
  blocks: ExcursionState['blocks'],
  modes: readonly LineMode[],
  energies: readonly number[],
): PredictedRecord['sectors'] {
  const sectors = Object.fromEntries(energySectors.map((name) => [name, 0])) as Record<EnergySector, number>;
  let standard: EnergySector = 'standard+';
  modes.forEach(({ block }, i) => {
    const { name } = blocks[block]!;
    const sector = name === 'standard' ? standard : name;
    if (name === 'standard') standard = 'standard-';
    sectors[sector] = energies[i]!;
  });
  return sectors;
}
