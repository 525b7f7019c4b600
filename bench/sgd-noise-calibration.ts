/**
 * Are the z-scores of `compare --sgd-noise` what they claim to be? Runs of one model from both starts, in groups that are judged as if each were all there is: root mean square of z, the share of
 * p < 0.05 and p < 0.01, and the mean of z with its standard error (a bias), for each row.
 *
 *   npx tsx bench/sgd-noise-calibration.ts CLASSES NOISE GROUPS [RUNS]
 */
import { partDimensions } from '../src/studies/compare/gradient-sectors.js';
import { sgdNoiseRows, startMargin } from '../src/studies/compare/sgd-noise-cell.js';
import { sgdNoiseDefaults } from '../src/studies/compare/index.js';
import { sgdNoiseMeasurements } from '../src/studies/compare/sgd-noise.js';
import { sgdNoiseValues } from '../src/studies/compare/sgd-noise-values.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';

const [classes = 3, noise = 0.4, groups = 20, runs = 80] = process.argv.slice(2).map(Number);
const settings = { ...sgdNoiseDefaults, runs: groups * runs, seed: 1000 };
const grid = { classes: [classes], noises: [noise] };
for (const { model, start, line, runs: all } of await sgdNoiseMeasurements(grid, settings, {
  runtime: await nativeRuntime(),
})) {
  const exact = sgdNoiseValues(model, startMargin(noise, start), settings, line);
  const rows = Array.from({ length: groups }, (_, i) =>
    sgdNoiseRows(all.slice(i * runs, (i + 1) * runs), exact, partDimensions(model), start),
  ).flat();
  const whole = sgdNoiseRows(all, exact, partDimensions(model), start);
  console.log(
    `k = ${classes}, σ = ${noise}, from ${start}: ${groups} groups of ${runs} runs; the last column is all of them together`,
  );
  for (const name of ['any', ...new Set(rows.map((row) => row.name))]) {
    const chosen = rows.filter((row) => name === 'any' || row.name === name);
    const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    const together = whole.find((row) => row.name === name);
    console.log(
      name.padEnd(14),
      `rms z ${Math.sqrt(mean(chosen.map(({ z }) => z ** 2))).toFixed(2)}, mean z ${mean(chosen.map(({ z }) => z)).toFixed(2)}, ` +
        `p < 0.05 ${mean(chosen.map(({ p }) => Number(p < 0.05))).toFixed(3)}, p < 0.01 ${mean(chosen.map(({ p }) => Number(p < 0.01))).toFixed(3)}`,
      together === undefined
        ? ''
        : `  ${together.measured.toFixed(4)} ± ${together.standardError.toFixed(4)}, exact ${together.exact.upper.toFixed(4)}`,
    );
  }
}
