import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { SolveDocument } from '../../src/studies/solve/solve-document.js';
import { noiseAlongFlow, stationaryNoise } from '../../src/exact.js';
import { captured } from './captured.js';

const small = ['--classes', '3', '--dim', '6'];

async function solved(...args: string[]): Promise<SolveDocument> {
  const { code, stdout, stderr } = await captured(() => runCli(['solve', ...args, '--json']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as SolveDocument;
}

describe('solve --sgd-noise', () => {
  it('adds to every state and level what relaxed noise makes of the gradient at a margin, and nothing else', async () => {
    const args = [...small, '--noise', '0.4', '--margin', '2,5'];
    const [plain, { model, states }] = [await solved(...args), await solved(...args, '--sgd-noise', '0.5/16')];
    expect(plain.model).not.toHaveProperty('sgd');
    const { sgd, ...same } = model;
    expect(sgd).toEqual({ learningRate: 0.5, batch: 16 });
    expect(same).toEqual(plain.model);
    states.forEach(({ noise, levels, ...state }, i) => {
      const point = { classes: 3, dim: 6, noise: 0.4, margin: [2, 5][i]! };
      const { levels: own, margin, ...exact } = stationaryNoise(point, { learningRate: 0.5, batch: 16 });
      expect(margin).toBe(point.margin);
      expect(noise).toEqual(exact);
      expect(Object.keys(noise!)).toEqual(['gradientEnergy', 'topFraction', 'overlap', 'overlapSpread', 'secondOrder']);
      expect(Object.keys(noise!.topFraction)).toEqual(['lower', 'upper', 'stationary']);
      const { levels: without, ...before } = plain.states[i]!;
      expect(state).toEqual(before);
      levels.forEach(({ covariance, covarianceError, gradientEnergy, ...level }, j) => {
        expect(level).toEqual(without[j]);
        expect({ covariance, covarianceError, gradientEnergy }).toEqual({
          covariance: own[j]!.covariance,
          covarianceError: own[j]!.covarianceError,
          gradientEnergy: own[j]!.gradientEnergy,
        });
      });
      const { flow, noise: added } = noise!.gradientEnergy;
      expect(levels.reduce((sum, level) => sum + level.gradientEnergy!, 0)).toBeCloseTo(flow + added, 15);
      expect(Math.sqrt(flow)).toBeCloseTo(state.gradientNorm, 12);
    });
  });

  it('is that along the flow at times, in any order, here with η/b alone', async () => {
    const { model, states } = await solved(...small, '--noise', '0.5', '--times', '40,0,5', '--eta-over-b', '0.01');
    expect(model.sgd).toEqual({ learningRateOverBatch: 0.01 });
    expect(states.map(({ time }) => time)).toEqual([40, 0, 5]);
    const flow = { classes: 3, dim: 6, noise: 0.5, correlation: 0, bias: false };
    const exact = noiseAlongFlow(flow, { learningRateOverBatch: 0.01 }, [0, 5, 40]);
    expect(states.map(({ noise }) => noise!.gradientEnergy)).toEqual([2, 0, 1].map((i) => exact[i]!.gradientEnergy));
    expect(states[1]!.noise).toMatchObject({ gradientEnergy: { noise: 0 }, topFraction: { lower: 0, upper: 1 } });
  });

  it('has f_top of the flow without noise in the data, and goes to the ends of the margins', async () => {
    const { states } = await solved(...small, '--times', '0,3', '--sgd-noise', '0.1/8');
    expect(states[0]!.noise!.topFraction).toMatchObject({ lower: 0, upper: 1 });
    expect(states[1]!.noise).toMatchObject({
      topFraction: { lower: 1, upper: 1, stationary: { lower: 1, upper: 1 } },
      overlap: 1,
    });
    expect(states[1]!.noise!.secondOrder).toBeGreaterThan(0);
    expect(states[1]!.noise!.secondOrder).toBeLessThan(0.1);
    expect(states[1]!.noise!.gradientEnergy.noise).toBeGreaterThan(0);
    const ends = await solved(...small, '--noise', '0.4', '--margin', '0,6.25,100', '--sgd-noise', '0.1/8');
    expect(ends.states[0]!.noise!.topFraction.lower).toBeLessThan(1e-3);
    expect(ends.states[0]!.noise!.topFraction.upper).toBeGreaterThan(0.99);
    expect(ends.states[1]!.noise!.gradientEnergy.flow).toBeLessThan(1e-30);
    expect(ends.states[2]!.noise!.secondOrder).toBeGreaterThan(0);
  });

  it('prints a table beside the others', async () => {
    const { code, stdout } = await captured(() =>
      runCli(['solve', ...small, '--noise', '0.4', '--margin', '5', '--sgd-noise', '0.5/16']),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('With the noise of SGD, η = 0.5, b = 16:');
    expect(stdout).toContain('0.7797 ± 0.051');
  });

  it('goes to twice the optimal margin, whatever its rounding', async () => {
    const { states } = await solved('--noise', '0.1', '--margin', '200', '--eta-over-b', '1e-3');
    expect(states[0]!.noise!.secondOrder).toBeLessThan(0.01);
  });

  it.each([
    [
      '--sgd-noise 0.1/0',
      'a learning rate above 0, to 1000, over a batch size, an integer from 1 on, for example 0.1/64',
    ],
    ['--sgd-noise a/b', 'a learning rate above 0'],
    ['--sgd-noise 0.1', 'a learning rate above 0'],
    ['--sgd-noise 0.1/1.5', 'a learning rate above 0'],
    ['--sgd-noise 0.1/64/2', 'a learning rate above 0'],
    ['--sgd-noise -0.1/64', 'a learning rate above 0'],
    ['--eta-over-b 0', 'a number from 1e-12'],
    ['--sgd-noise 0.1/64 --eta-over-b 0.001', 'leave out one'],
    ['--sgd-noise 0.1/64 --init random:0.1', 'received --init random; use --init zero'],
    ['--eta-over-b 0.001 --init random:0.1 --draws 20', 'leave out --eta-over-b'],
    ['--sgd-noise 0.1/64 --bias', 'with biases needs --noise'],
    ['--sgd-noise 0.1/64 --noise 0.03 --times 1', 'needs σ of at least 0.05, or 0, received 0.03'],
    ['--sgd-noise 100/1 --noise 0.3 --times 1', 'SGD diverges'],
    ['--sgd-noise 100/1 --noise 0.3 --margin 1', 'use a learning rate below 65.2'],
  ])('%s is refused in words', async (args, words) => {
    const { code, stdout, stderr } = await captured(() => runCli(['solve', ...args.split(' ')]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});
