import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { gaussRule } from '../../../src/loss/noise/gauss-rule.js';
import { gradientNoise } from '../../../src/loss/noise/gradient-noise.js';
import { jackknifeErrors, restTrace, restTraces } from '../../../src/loss/noise/rest-traces.js';
import { denseNoise } from './dense-noise.js';

const dense = await denseNoise();
const { objective, weights, dimension, pairs, first, covariance } = dense;
const sum = (from: number, of: (i: number) => number): number =>
  Array.from({ length: dimension - from }, (_, i) => of(from + i)).reduce((part, x) => part + x, 0);

describe('gradientNoise', () => {
  it('has the variances of the slopes along the eigenvectors it is given', async () => {
    const { samples, top, rest, slopes, products } = await gradientNoise(objective, weights, pairs);
    expect(samples).toBe(dense.samples);
    expect([...top.eigenvalues]).toEqual([...pairs.values]);
    top.covariances.forEach((c, i) => {
      expect(Math.abs(c - covariance(i, i))).toBeLessThan(1e-14 * covariance(0, 0));
    });
    expect([rest.dimension, rest.probes.length, products, slopes]).toEqual([0, 0, 0, dimension]);
    expect(restTraces(rest).covarianceHessian).toEqual({ value: 0, standardError: 0, lower: 0, upper: 0 });
    expect(jackknifeErrors(rest, () => [1])).toEqual([0]);
  });

  it('is exact where one dimension is left', async () => {
    // the last eigenvectors belong to shifts of all scores, of which the loss does not depend: take the smallest of the others
    const left = pairs.values.findLastIndex((x) => x > 1e-6 * pairs.values[0]!);
    const order = [...pairs.values.keys()].filter((i) => i !== left);
    const others = {
      dimension,
      values: Float64Array.from(order, (i) => pairs.values[i]!),
      vectors: Float64Array.from(order.flatMap((i) => [...pairs.vectors.subarray(i * dimension, (i + 1) * dimension)])),
    };
    const { rest } = await gradientNoise(objective, weights, others, { probes: 2 });
    const { hessian, covariance: ofC, covarianceHessian } = restTraces(rest);
    const [lambda, c] = [pairs.values[left]!, covariance(left, left)];
    hessian.forEach(({ value }, i) => {
      expect(Math.abs(value / lambda ** (i + 1) - 1)).toBeLessThan(1e-9);
    });
    expect(Math.abs(ofC.value / c - 1)).toBeLessThan(1e-9);
    expect(Math.abs(covarianceHessian.value / (c * lambda) - 1)).toBeLessThan(1e-9);
  });

  it('has the traces outside the top, polynomials or not, within their errors', async () => {
    const count = 3;
    const { rest, products, slopes } = await gradientNoise(objective, weights, first(count), {
      probes: 200,
      steps: dimension,
    });
    expect(rest.dimension).toBe(dimension - count);
    expect(slopes).toBe(count + products);
    const { hessian, covariance: ofC, covarianceHessian } = restTraces(rest);
    const known = [
      ...hessian.map((estimate, p) => [estimate, sum(count, (i) => pairs.values[i]! ** (p + 1))] as const),
      [ofC, sum(count, (i) => covariance(i, i))] as const,
      [covarianceHessian, sum(count, (i) => pairs.values[i]! * covariance(i, i))] as const,
    ];
    for (const [{ value, standardError }, exact] of known) {
      expect(standardError).toBeLessThan(0.1 * Math.abs(exact));
      expect(Math.abs(value - exact)).toBeLessThan(4 * standardError);
    }
    const f = (x: number): number => x / (2 - 0.5 * x);
    const [error] = jackknifeErrors(rest, (part) => [restTrace(part, 'covariances', f)]) as [number];
    const exact = sum(count, (i) => f(pairs.values[i]!) * covariance(i, i));
    expect(error).toBeLessThan(0.1 * exact);
    expect(Math.abs(restTrace(rest, 'covariances', f) - exact)).toBeLessThan(4 * error);
  });

  it('needs few products for the moments, and gives the same bytes for the same seed', async () => {
    const traces = async (steps: number, seed: number) =>
      restTraces((await gradientNoise(objective, weights, first(2), { probes: 4, steps, seed })).rest);
    const [few, many, same, other] = [await traces(3, 1), await traces(9, 1), await traces(3, 1), await traces(3, 2)];
    expect(same).toEqual(few);
    expect(other.covariance.value).not.toBe(few.covariance.value);
    for (const key of ['covariance', 'covarianceHessian'] as const) {
      expect(Math.abs(few[key].value / many[key].value - 1)).toBeLessThan(1e-10);
    }
    few.hessian.forEach(({ value }, i) => {
      expect(Math.abs(value / many.hessian[i]!.value - 1)).toBeLessThan(1e-10);
    });
  });

  it('refuses single probes and products', async () => {
    await expect(gradientNoise(objective, weights, first(2), { probes: 1 })).rejects.toThrow(UsageError);
    await expect(gradientNoise(objective, weights, first(2), { steps: 1 })).rejects.toThrow(UsageError);
  });
});

describe('gaussRule', () => {
  it('has as many moments as it can', () => {
    const nodes = Float64Array.of(-1, 0.5, 0.5, 2, 3, 7);
    const weights = Float64Array.of(1, 2, 0.5, 0.1, 3, 0.01);
    const rule = gaussRule({ nodes, weights }, 3);
    const moment = (of: typeof rule, p: number): number =>
      of.nodes.reduce((part, x, i) => part + of.weights[i]! * x ** p, 0);
    expect(rule.nodes.length).toBe(3);
    for (let p = 0; p < 6; p++) {
      expect(Math.abs(moment(rule, p) / moment({ nodes, weights }, p) - 1)).toBeLessThan(1e-12);
    }
    expect(gaussRule({ nodes, weights }, 10).nodes.length).toBe(5);
    expect(gaussRule({ nodes, weights: new Float64Array(6) }, 3).nodes.length).toBe(0);
  });
});
