import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { noiseOfSteps } from '../../../src/exact/noisy/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { freshGradients } from '../../../src/studies/simulate/fresh-gradient.js';
import { noiseScaling, runsStudy, type RunsStudy } from '../../../src/studies/simulate/index.js';
import { lineBlocks, type LineBlocks } from '../../../src/studies/simulate/line-blocks.js';
import { linePath } from '../../../src/studies/simulate/line-path.js';
import { populationLoss } from '../../../src/studies/simulate/population-loss.js';
import { predictedRun } from '../../../src/studies/simulate/predicted-run.js';
import { sectorEnergies, standardDirections } from '../../../src/studies/simulate/sector-energies.js';
import { runRecord } from '../../../src/studies/simulate/run-record.js';
import { overRuns, runMean, type RunMean } from '../../../src/studies/simulate/sgd-ensemble.js';

const model = { classes: 3, dim: 6, noise: 0.4 };
const run = { ...model, method: 'sgd', margin: 0, learningRate: 0.5, refresh: 10, linearised: false } as const;
let line: LineBlocks;
beforeAll(() => {
  line = lineBlocks(model);
});

const of = ({ records }: RunsStudy, name: string) =>
  records.map(({ quantities }) => quantities.find((quantity) => quantity.name === name)!);

const look = ({ weights }: { readonly weights: Float64Array }): Float64Array => weights;

describe('freshGradients', () => {
  it('has the gradient of the population as its mean, and keyed samples', () => {
    const weights = Float64Array.from({ length: 18 }, (_, i) => Math.sin(3 * i));
    const [g] = freshGradients(model, 200_000, randomStream(1, 'test'), [weights]);
    const { gradient } = populationLoss(model)(weights);
    g!.forEach((x, i) => {
      expect(Math.abs(x - gradient[i]!)).toBeLessThan(5e-3);
    });
    const [again, other] = [1, 2].map((seed) => freshGradients(model, 5, randomStream(seed, 'test'), [weights])[0]!);
    expect(freshGradients(model, 5, randomStream(1, 'test'), [weights])[0]).toEqual(again);
    expect(other).not.toEqual(again);
  });
});

describe('the measured side', () => {
  it('splits all of the squared gradient into sectors, and finds standard± as eigenvectors of H', () => {
    for (const classes of [2, 3, 4]) {
      const shape = { classes, dim: classes + 1, noise: 0.5 };
      const population = populationLoss(shape);
      const { gradient: pull, hessian } = linePath({ ...shape, margin: 1.5, learningRate: 1 }, population);
      const directions = standardDirections(hessian(0), shape);
      const weights = Float64Array.from({ length: classes * shape.dim }, (_, i) => Math.cos(5 * i));
      const { gradient } = population(weights);
      const energies = Object.values(sectorEnergies(gradient, shape, directions));
      const total = gradient.reduce((sum, x) => sum + x ** 2, 0);
      expect(energies.reduce((sum, x) => sum + x, 0) / total).toBeCloseTo(1, 9);
      // on the line all of it is trivial
      expect(sectorEnergies(pull(0), shape, directions).trivial).toBeCloseTo(
        pull(0).reduce((s, x) => s + x ** 2, 0),
        12,
      );
    }
  });

  it('refuses more classes than quadrature can sum, and impossible runs', async () => {
    expect(() => populationLoss({ classes: 6, dim: 6, noise: 0.4 })).toThrow(/2 to 5 classes, received 6/);
    const beyond = [{ margin: 7 }, { dim: 5000 }];
    const impossible = [{ steps: [] }, { steps: [5, 5] }, { batch: 0 }, { dim: 2 }, { learningRate: 0 }, ...beyond];
    for (const one of impossible) {
      await expect(overRuns({ ...run, batch: 4, steps: [1], ...one }, { runs: 2, seed: 1 }, look)).rejects.toThrow(
        UsageError,
      );
    }
    await expect(runsStudy({ ...run, batch: 4, steps: [1], margin: 7 }, { runs: 2, seed: 1 })).rejects.toThrow(
      'at or below the optimal margin',
    );
    await expect(
      runsStudy({ ...run, batch: 4, steps: [1], learningRate: 50 }, { runs: 2, seed: 1 }, line),
    ).rejects.toThrow('neither diverge nor overshoot');
  });

  it('gives a run the same bytes however many there are and whatever else is recorded', async () => {
    const config = { ...run, batch: 8, steps: [4, 9] };
    const three = await overRuns(config, { runs: 3, seed: 5 }, look);
    const two = await overRuns({ ...config, steps: [9] }, { runs: 2, seed: 5 }, look);
    expect(two[0]).toEqual(three[1]!.slice(0, 2));
    expect(two[0]![0]).not.toEqual(two[0]![1]);
  });
});

describe('the predicted side', () => {
  it('is the noise of steps of the exact model, but for what the noise shifts and turns', () => {
    const steps = [10, 53, 282];
    const exact = noiseOfSteps(model, { learningRate: 0.5, batch: 1e6 }, steps);
    predictedRun({ ...run, batch: 1e6, steps }, line).forEach(({ sectors }, i) => {
      for (const { sector, gradientEnergy, multiplicity } of exact[i]!.levels) {
        if (sector === 'gauge' || sector === 'trivial' || multiplicity === 0) continue;
        expect(sectors[sector as keyof typeof sectors] / gradientEnergy).toBeCloseTo(1, 7);
      }
    });
  });

  it('lets Dom-SGD beyond the boundary drift at a speed ∝ η/b, and Bulk-SGD go as the flow does', () => {
    const beyond = { ...run, margin: 3, steps: [400] };
    const drift = [32, 64].map((batch) => predictedRun({ ...beyond, method: 'dom-sgd', batch }, line)[0]!.margin - 3);
    expect(drift[0]! / drift[1]!).toBeCloseTo(2, 1);
    const [sgd, bulk] = (['sgd', 'bulk-sgd'] as const).map(
      (method) => predictedRun({ ...beyond, method, batch: 32 }, line)[0]!,
    );
    expect(bulk!.margin).toBe(sgd!.margin);
    expect(bulk!.top.upper / bulk!.gradient).toBeLessThan(1e-3);
    expect(bulk!.sectors['standard+']).toBeLessThan(1e-3 * sgd!.sectors['standard+']);
    expect(() => predictedRun({ ...run, method: 'dom-sgd', batch: 32, steps: [400] }, line)).toThrow(
      /stay the same sectors/,
    );
  });
});

describe('SGD in the model', () => {
  const config = { ...run, batch: 64, steps: [10, 53, 150] };

  it('has the energies, f_top and overlap that are predicted, past the boundary too', async () => {
    const study = await runsStudy(config, { runs: 24, seed: 2 }, line);
    for (const { quantities } of study.records) for (const { z } of quantities) expect(Math.abs(z!)).toBeLessThan(4);
    expect(study.records.map(({ flowTopFraction }) => flowTopFraction.upper)).toEqual([1, 0, 0]);
    // Eigenvectors that the noise turns double f_top where the flow is still strong; those of the line miss it.
    const [, turned] = of(study, 'f_top');
    const { topOfLine, gradient } = predictedRun(config, line)[1]!;
    expect((turned!.measured - topOfLine.upper / gradient) / turned!.standardError).toBeGreaterThan(4);
  });

  it('is not that of twice the batch', async () => {
    const [runs] = await overRuns({ ...config, steps: [100] }, { runs: 40, seed: 1 }, (...point) =>
      runRecord(model, ...point),
    );
    const ratio = (batch: number) => {
      const { sectors } = predictedRun({ ...config, steps: [100], batch }, line)[0]!;
      return runMean(
        runs!,
        (one) => (one.sectors.bulk / sectors.bulk + one.sectors['standard-'] / sectors['standard-']) / 2,
      );
    };
    const [right, wrong] = [ratio(64), ratio(128)];
    expect(Math.abs(right.mean - 1) / right.standardError).toBeLessThan(2);
    expect(Math.abs(wrong.mean - 1) / wrong.standardError).toBeGreaterThan(3);
  });

  it('is known to leading order in η/b: what is left out falls with it', async () => {
    const at = { classes: 3, dim: 5, noise: 0.4, margin: 0, learningRate: 0.5, steps: [40], refresh: 1 };
    const { deviations } = await noiseScaling(at, [2, 32], { runs: 90, seed: 1 });
    for (const { linearised } of deviations)
      expect(Math.abs(linearised.mean)).toBeLessThan(4 * linearised.standardError);
    const [much, little] = deviations.map(({ deviation }) => deviation) as [RunMean, RunMean];
    expect(much.mean).toBeGreaterThan(3 * much.standardError);
    expect(Math.abs(little.mean)).toBeLessThan(much.mean / 4);
  });
});

describe('Dom- and Bulk-SGD past the boundary', () => {
  it('stalls along the top, and learns outside it, as predicted', async () => {
    const common = { ...run, margin: 3, batch: 32, refresh: 1, steps: [15] };
    const studies: RunsStudy[] = [];
    for (const method of ['sgd', 'dom-sgd', 'bulk-sgd'] as const) {
      studies.push(await runsStudy({ ...common, method }, { runs: 6, seed: 1 }, line));
    }
    for (const study of studies) {
      for (const name of ['loss', 'trivial', 'f_top']) {
        // What Bulk-SGD has in the top is of second order.
        if (study.run.method === 'bulk-sgd' && name === 'f_top') continue;
        expect(Math.abs(of(study, name)[0]!.z!), `${study.run.method} ${name}`).toBeLessThan(4);
      }
    }
    const [sgd, dom, bulk] = studies.map((study) => of(study, 'loss')[0]!.measured) as [number, number, number];
    expect(dom - sgd).toBeGreaterThan(10 * Math.abs(bulk - sgd));
    expect(of(studies[2]!, 'f_top')[0]!.measured).toBeLessThan(1e-4);
  });
});
