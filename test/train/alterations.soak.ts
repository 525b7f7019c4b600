import { expect, it } from 'vitest';
import { soakTimes } from '../soak-times.js';
import { alterEach, alteredConfig } from './altered-folders.js';

const times = soakTimes(60);

it.each([
  ['a finished run', 'all', Infinity],
  ['an interrupted run, with records behind its checkpoint', 'all', 3],
  ['an interrupted run that keeps the last weights', 'last', 3],
] as const)(
  `%s: whatever is altered is noticed in words or changes nothing, ${times} ways for each file`,
  async (_, keepWeights, until) => {
    const { noticed, harmless, silent } = await alterEach({ ...alteredConfig, keepWeights }, times, until);
    process.stderr.write(`${JSON.stringify({ noticed, harmless, silent: silent.length })}\n`);
    expect(silent).toEqual([]);
    expect(noticed + harmless).toBeGreaterThanOrEqual(5 * times);
    expect(noticed).toBeGreaterThan(4 * times);
  },
);
