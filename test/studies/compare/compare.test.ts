import { beforeAll, describe, expect, it } from 'vitest';
import { judgeComparison } from '../../../src/studies/compare/compare.js';
import { compareDefaults } from '../../../src/studies/compare/index.js';
import { noiselessValues, noisyValues } from '../../../src/studies/compare/exact-values.js';
import { judgeNoisy, measureNoisy, type NoisyMeasurement } from '../../../src/studies/compare/noisy-cell.js';
import { noiselessCell } from '../../../src/studies/compare/noiseless-cell.js';
import type { CompareCell } from '../../../src/studies/compare/document.js';
import { observableNames, type ObservableName, type Values } from '../../../src/studies/compare/observables.js';
import { softmaxNetwork, type SoftmaxNetwork } from '../../../src/studies/compare/softmax-network.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';

const settings = { ...compareDefaults, seeds: [11, 12, 13], times: [4, 12] };

/** A theory with one observable one per cent off. */
const offIn =
  (name: ObservableName) =>
  (values: readonly Values[]): Values[] =>
    values.map((v) => ({ ...v, [name]: v[name]! * 1.01 }));

describe('the cell without noise', () => {
  let network: SoftmaxNetwork;
  let cell: CompareCell;
  const small = { ...settings, seeds: [11], times: [1, 4] };
  beforeAll(async () => {
    network = await softmaxNetwork(3, 4, await nativeRuntime());
    cell = await noiselessCell(network, { classes: 3, dim: 4 }, small);
  });

  it('agrees in every observable, with an error that vanishes like the step', () => {
    expect(cell.ok).toBe(true);
    expect(new Set(cell.observables.map(({ name }) => name)).size).toBe(observableNames.length - 1); // no bulk
    expect(new Set(cell.observables.map(({ start }) => start))).toEqual(new Set(['zero', 11]));
    expect(cell.observables.every(({ z, standardError }) => z === null && standardError === null)).toBe(true);
    for (const { slope, extrapolatedSlope } of cell.order) {
      expect(Math.abs(slope! - 1)).toBeLessThan(0.05);
      expect(Math.abs(extrapolatedSlope! - 2)).toBeLessThan(0.1);
    }
    const largest = Math.max(...cell.observables.map(({ measured, exact }) => Math.abs(measured - exact)));
    expect(largest).toBeLessThan(1e-7);
  });

  it.each(observableNames.filter((name) => name !== 'bulk level'))('fails if %s is one per cent off', async (name) => {
    const wrong = offIn(name);
    const broken = await noiselessCell(network, { classes: 3, dim: 4 }, small, {
      theory: (...args) => wrong(noiselessValues(...args)),
    });
    expect(broken.ok).toBe(false);
    expect(broken.observables.filter(({ ok }) => !ok).every((r) => r.name === name)).toBe(true);
    expect(broken.order.filter(({ ok }) => !ok).every((o) => o.name === name)).toBe(true);
  });
});

describe('the cell with noise', () => {
  let network: SoftmaxNetwork;
  let measured: NoisyMeasurement;
  beforeAll(async () => {
    network = await softmaxNetwork(2, 4, await nativeRuntime());
    measured = await measureNoisy(network, { classes: 2, dim: 4, noise: 0.3 }, settings);
  }, 60_000);

  it('agrees within its error bars, and rejects σ, weights and bulk level one per cent off and a prior three, on either side', () => {
    const { ok, rejectedWrongTheory, cells, tests } = judgeComparison([measured], settings);
    const [cell] = cells as [CompareCell];
    expect({ ok, rejectedWrongTheory }).toEqual({ ok: true, rejectedWrongTheory: true });
    expect(tests).toBeGreaterThan(40);
    expect(cell.wrongTheories.map(({ theory }) => theory)).toEqual([
      'σ × 1.01',
      'weights × 1.01',
      'bulk level × 1.01',
      'prior of class 1 × 1.03',
      'σ × 0.99',
      'weights × 0.99',
      'bulk level × 0.99',
      'prior of class 1 × 0.97',
    ]);
    for (const { largest } of cell.wrongTheories) expect(Math.abs(largest.z)).toBeGreaterThan(cell.criticalZ!);
    for (const { measured: m, exact, standardError, z } of cell.observables) {
      expect(z).toBeCloseTo((m - exact) / standardError!, 10);
    }
  });

  it('is not reached by the finest network alone: what is extrapolated away is many error bars', () => {
    const margins = measured.replicas.map(({ gd }) => gd[0]!.margin!.orders[0]!);
    const mean = margins.reduce((sum, x) => sum + x, 0) / margins.length;
    const row = judgeNoisy(measured, 1).observables.find((r) => r.name === 'margin' && r.method === 'gd')!;
    expect(Math.abs(mean - row.exact) / row.standardError!).toBeGreaterThan(5);
    expect(row.remainder).toBeLessThan(0.5);
  });

  it('owes that to the controls: without them neither weights nor the bulk level could be told', () => {
    const errorOf = (name: ObservableName): number[] =>
      judgeNoisy(measured, 66)
        .observables.filter((r) => r.name === name && r.method === 'gd' && r.time === 4)
        .flatMap(({ standardError, uncontrolledError, exact }) => [standardError! / exact, uncontrolledError! / exact]);
    for (const name of ['W[1,1]', 'bulk level'] as const) {
      const [controlled, plain] = errorOf(name).map((relative) => 0.01 / relative) as [number, number];
      expect(plain).toBeLessThan(5);
      expect(controlled).toBeGreaterThan(2.5 * plain);
    }
  });

  it('finds samples of another noise than they are said to be by their own moments', () => {
    const [true2, said2] = [0.3 ** 2, 0.294 ** 2];
    const replicas = measured.replicas.map((replica) => ({
      ...replica,
      controls: {
        ...replica.controls,
        gd: replica.controls.gd.map((c) => ({ ...c, 'x² elsewhere': c['x² elsewhere']! + true2 - said2 })),
      },
    }));
    const cell = judgeNoisy({ ...measured, replicas }, 100);
    expect(judgeNoisy(measured, 100).ok).toBe(true);
    expect(cell.observables.filter(({ ok }) => !ok)).toContainEqual(
      expect.objectContaining({ method: 'data', name: 'x² elsewhere' }),
    );
  });

  it.each(['level of B', 'mean-space level', 'bulk level', 'rate', 'margin', 'W[1,1]', 'W[2,1]', 'f_top'] as const)(
    'fails if %s is one per cent off',
    (name) => {
      const wrong = offIn(name);
      const cell = judgeNoisy(measured, 66, (...args) => wrong(noisyValues(...args)));
      expect(cell.observables.filter(({ ok }) => !ok).map((r) => r.name)).toContain(name);
      expect(cell.ok).toBe(false);
    },
  );

  it('cannot tell a theory that is right to a thousandth, and says so', () => {
    const { rejectedWrongTheory, ok } = judgeComparison(
      [{ ...measured, settings: { ...settings, wrongBy: 0.001 } }],
      settings,
    );
    expect({ rejectedWrongTheory, ok }).toEqual({ rejectedWrongTheory: false, ok: false });
  });

  it('gives the same bytes for the same seeds, other ones for others', async () => {
    const one = { ...settings, seeds: [11], replicas: 1 };
    const model = { classes: 2, dim: 4, noise: 0.3 };
    const [first] = (await measureNoisy(network, model, one)).replicas;
    expect(JSON.stringify(first)).toBe(JSON.stringify(measured.replicas[0]));
    expect(JSON.stringify(measured.replicas[1])).not.toBe(JSON.stringify(first));
  });
});
