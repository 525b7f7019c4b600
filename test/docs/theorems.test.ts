import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { captured } from '../cli/captured.js';

it('docs/theorems.md is what `theorems` prints', async () => {
  const { code, stdout } = await captured(() => runCli(['theorems']));
  expect(code).toBe(0);
  const options = await resolveConfig('docs/theorems.md');
  await expect(await format(stdout, { ...options, parser: 'markdown' })).toMatchFileSnapshot('../../docs/theorems.md');
});
