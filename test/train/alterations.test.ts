import { expect, it } from 'vitest';
import { alterEach, alteredConfig } from './altered-folders.js';

it('whatever is altered in a run folder is noticed in words or changes nothing: 25 ways for each of its files', async () => {
  const { noticed, harmless, silent } = await alterEach(alteredConfig, 25);
  expect(silent).toEqual([]);
  expect(noticed).toBeGreaterThan(6 * 20);
  expect(noticed + harmless).toBe(8 * 25);
});
