import { solveFlow } from '../../exact/flow/dormand-prince.js';
import { linePoint, marginClock, marginPoint } from '../../exact/noisy/index.js';
import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import { measuredSpectrum } from '../../observe/index.js';
import { populationPoint, type MixtureModel, type Quadrature } from '../../exact/population/index.js';
import { alignment, type Alignment } from './alignment.js';

/** An exact prediction along gradient flow from W(0) = 0, asked at flow times or at the training losses that a network has reached. */
export interface Reference {
  readonly at: (times: readonly number[]) => Alignment[];
  /** Null where the flow never has this loss. */
  readonly atLoss: (losses: readonly number[]) => (Alignment | null)[];
}

/** The symmetric model in closed form, for means of Gram matrix r²((1−ρ) 1 + ρ 11ᵀ): in units of r, with times in units of r⁻². */
export function closedFormReference(model: {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly correlation: number;
  /** r. */
  readonly norm: number;
}): Reference {
  const { classes, dim, correlation, norm } = model;
  const scaled = { classes, correlation, noise: model.noise / norm };
  const { optimalMargin, marginAt } = marginClock(scaled);
  const atMargin = (margin: number): Alignment => {
    const { snapshot, spectrum } = linePoint({ ...scaled, dim, margin });
    const unit = Math.exp(spectrum.logUnit) * norm ** 2; // the snapshot's levels are in units of Ω
    const found = alignment(snapshot, classes);
    return { ...found, topLevel: found.topLevel * unit, nextLevel: found.nextLevel * unit };
  };
  const lossAt = (margin: number): number => marginPoint({ ...scaled, margin }).loss;
  return {
    at: (times) => times.map((t) => atMargin(marginAt(t * norm ** 2))),
    atLoss: (losses) =>
      losses.map((loss) => {
        const most = Math.min(optimalMargin, 700);
        if (!(loss < Math.log(classes) && loss > lossAt(most))) return null;
        return atMargin(bracketedRoot((margin) => lossAt(margin) - loss, 0, most));
      }),
  };
}

/**
 * Softmax regression on a whole mixture: gradient flow of the population loss, integrated. `until`: the latest time that `atLoss`
 * looks at. Cost: some hundred points of the population once, and for each answer an eigenproblem; a loss takes a dozen points more.
 */
export function populationReference(
  model: MixtureModel,
  quadrature: Quadrature,
  { until, tolerance }: { readonly until: number; readonly tolerance: number },
): Reference {
  const zero = new Float64Array(model.classes * model.dim);
  /** Weights at times, the first of which is that of W. */
  const follow = (W: Float64Array, times: readonly number[]): readonly Float64Array[] =>
    solveFlow(
      (_, weights, rate) => {
        populationPoint(model, weights, quadrature).gradient.forEach((g, i) => (rate[i] = -g));
      },
      W,
      times,
      { relativeTolerance: tolerance, absoluteTolerance: tolerance },
    ).states;
  const lossOf = (W: Float64Array): number => populationPoint(model, W, quadrature).loss;
  const curve = () => {
    const times = [0, ...Array.from({ length: 60 }, (_, i) => until * 10 ** ((i - 59) / 15))]; // four decades
    return follow(zero, times).map((W, i) => ({ time: times[i]!, W, loss: lossOf(W) }));
  };
  let known: ReturnType<typeof curve> | undefined;
  return {
    at: (times) =>
      follow(zero, [0, ...times])
        .slice(1)
        .map((W) => populationAlignment(model, W, quadrature)),
    atLoss: (losses) => {
      known ??= curve();
      return losses.map((loss) => {
        const next = known!.findIndex((point) => point.loss < loss);
        if (next <= 0) return null;
        const [from, to] = [known![next - 1]!, known![next]!];
        const at = (time: number): Float64Array =>
          time === from.time ? from.W : follow(from.W, [from.time, time]).at(-1)!;
        const time = bracketedRoot((t) => lossOf(at(t)) - loss, from.time, to.time);
        return populationAlignment(model, at(time), quadrature);
      });
    },
  };
}

function populationAlignment(model: MixtureModel, W: Float64Array, quadrature: Quadrature): Alignment {
  const { classes: k, dim } = model;
  const { loss, gradient, hessian } = populationPoint(model, W, quadrature);
  const spectrum = measuredSpectrum(denseEigen(hessian));
  return alignment({ time: 0, loss, parameters: k * dim, gradient, hessian, spectrum, origin: 'exact' }, k);
}
