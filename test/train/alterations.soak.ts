import { expect, it } from 'vitest';
import { alterEach, alteredConfig } from './altered-folders.js';

it.each([
  ['a finished run', 'all', Infinity],
  ['an interrupted run, with records behind its checkpoint', 'all', 3],
  ['an interrupted run that keeps the last weights', 'last', 3],
] as const)(
  '%s: whatever is altered is noticed in words or changes nothing, 60 ways for each file',
  async (_, keepWeights, until) => {
    const { noticed, harmless, silent } = await alterEach({ ...alteredConfig, keepWeights }, 60, until);
    process.stderr.write(`${JSON.stringify({ noticed, harmless, silent: silent.length })}\n`);
    expect(silent).toEqual([]);
    expect(noticed + harmless).toBeGreaterThanOrEqual(300);
    expect(noticed).toBeGreaterThan(240);
  },
);
