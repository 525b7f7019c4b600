/**
 * Are the z-scores of `compare` what they claim to be? Repeats a cell with many seeds and prints, for each observable over all times, the
 * root mean square of z over that of Student's t, the share of p < 0.05 and p < 0.01, and the mean of z with its standard error (a bias).
 *
 *   npx tsx bench/compare-calibration.ts CLASSES NOISE EXPERIMENTS [REPLICAS]
 */
import { compareDefaults } from '../src/studies/compare/index.js';
import { controlNames } from '../src/studies/compare/controls.js';
import { measureNoisy, noisyRows } from '../src/studies/compare/noisy-cell.js';
import { observableNames } from '../src/studies/compare/observables.js';
import { softmaxNetwork } from '../src/studies/compare/softmax-network.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';

const [classes = 3, noise = 0.3, experiments = 30, replicas = 24] = process.argv.slice(2).map(Number);
const dim = classes + compareDefaults.extraFeatures;
const network = await softmaxNetwork(classes, dim, await nativeRuntime());
const rows = [];
for (let seed = 1000; seed < 1000 + experiments; seed++) {
  const settings = { ...compareDefaults, seeds: [seed], replicas };
  rows.push(...noisyRows(await measureNoisy(network, { classes, dim, noise }, settings)));
}
await network.release();

/** Root mean square of Student's t. */
const spreadOf = (degrees: number): number => Math.sqrt(degrees / (degrees - 2));
const tested = rows.filter((row) => row.tested);
console.log(`k = ${classes}, σ = ${noise}, ${experiments} experiments of ${replicas} replicas`);
console.log(
  'observable          rows   rms z / t   p<0.05   p<0.01   max |z|   mean z by (method, time) ± its standard error',
);
for (const name of [...controlNames, ...observableNames, 'all'] as const) {
  const chosen = tested.filter((row) => name === 'all' || row.name === name);
  if (chosen.length === 0) continue;
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const share = (level: number): string => mean(chosen.map(({ p }) => (p! < level ? 1 : 0))).toFixed(3);
  const groups = [...new Set(chosen.map(({ method, time }) => `${method} ${time}`))];
  const biases = groups.map((group) => {
    const z = chosen.filter(({ method, time }) => `${method} ${time}` === group).map((row) => row.z!);
    return `${group}: ${mean(z).toFixed(2)}`;
  });
  console.log(
    name.padEnd(18),
    String(chosen.length).padStart(5),
    Math.sqrt(mean(chosen.map(({ z, degreesOfFreedom }) => (z! / spreadOf(degreesOfFreedom!)) ** 2)))
      .toFixed(2)
      .padStart(9),
    share(0.05).padStart(10),
    share(0.01).padStart(8),
    Math.max(...chosen.map(({ z }) => Math.abs(z!)))
      .toFixed(2)
      .padStart(8),
    '  ',
    name === 'all'
      ? ''
      : `${biases.join('  ')}  ± ${(spreadOf(chosen[0]!.degreesOfFreedom!) / Math.sqrt(experiments)).toFixed(2)}`,
  );
}
