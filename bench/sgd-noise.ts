/**
 * How good is leading order in η/b for the noise of SGD in the model? First groups of runs at b/η ≥ 100, every energy by sector against its prediction; then how
 * what leading order leaves out grows with η/b.
 *
 *   npx tsx bench/sgd-noise.ts [RUNS]
 */
import { noiseScaling, runsStudy } from '../src/studies/simulate/index.js';

const runs = Number(process.argv[2] ?? 400);
const common = { method: 'sgd', refresh: 10, linearised: false } as const;
const groups = [
  { classes: 2, dim: 4, noise: 0.5, margin: 0, learningRate: 1, batch: 128, steps: [20, 60, 180] },
  { classes: 3, dim: 6, noise: 0.4, margin: 0, learningRate: 0.5, batch: 64, steps: [20, 80, 320] },
  { classes: 3, dim: 3, noise: 0.3, margin: 3, learningRate: 1, batch: 100, steps: [20, 80, 320] },
  { classes: 3, dim: 8, noise: 0.6, margin: 1 / 0.36, learningRate: 1, batch: 128, steps: [20, 80, 320] },
  { classes: 4, dim: 5, noise: 0.5, margin: 4, learningRate: 0.5, batch: 64, steps: [20, 80, 320] },
] as const;

const all: number[] = [];
for (const [seed, group] of groups.entries()) {
  const { records } = await runsStudy({ ...group, ...common }, { runs, seed: seed + 1 });
  for (const { step, quantities } of records) {
    const z = quantities.flatMap((q) => (q.z === null ? [] : [q.z]));
    all.push(...z);
    console.log(
      `k ${group.classes} d ${group.dim} σ ${group.noise} α ${group.margin.toFixed(2)} b/η ${group.batch / group.learningRate} step ${step}: ` +
        quantities.map((q) => `${q.name} ${q.z === null ? '–' : q.z.toFixed(1)}`).join(', '),
    );
  }
}
const share = (limit: number): string => (all.filter((z) => Math.abs(z) > limit).length / all.length).toFixed(3);
console.log(
  `${all.length} quantities, ${runs} runs each: rms z ${Math.sqrt(all.reduce((sum, z) => sum + z ** 2, 0) / all.length).toFixed(2)}, |z| > 2: ${share(2)}, |z| > 3: ${share(3)}`,
);

for (const { margin, steps } of [
  { margin: 0, steps: [100] },
  { margin: 6.25, steps: [200] },
]) {
  const model = { classes: 3, dim: 5, noise: 0.4, margin, learningRate: 0.5, steps, refresh: 10 };
  const { deviations, slope, slopeError } = await noiseScaling(model, [2, 4, 8, 16, 32, 64], {
    runs: 2 * runs,
    seed: 1,
  });
  for (const { ratio, direct, linearised, deviation } of deviations) {
    const text = (m: { mean: number; standardError: number }): string =>
      `${m.mean.toFixed(4)} ± ${m.standardError.toFixed(4)}`;
    console.log(
      `b/η ${1 / ratio}: direct ${text(direct)}, linearised ${text(linearised)}, deviation ${text(deviation)}`,
    );
  }
  console.log(`α(0) = ${margin}: slope ${slope.toFixed(3)} ± ${slopeError.toFixed(3)}`);
}
