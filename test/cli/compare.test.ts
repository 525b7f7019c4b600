import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { CompareDocument } from '../../src/studies/compare/index.js';
import { captured } from './captured.js';

const run = (options: string) => captured(() => runCli(['compare', ...options.split(' ')]));

describe('compare', () => {
  it('prints one JSON document without noise, and exits with 0', async () => {
    const { code, stdout, stderr } = await run('--classes 2 --noise 0 --seeds 1 --times 2 --json');
    const document = JSON.parse(stdout) as CompareDocument;
    expect({ code, stderr, ok: document.ok }).toEqual({ code: 0, stderr: '', ok: true });
    expect(document.rejectedWrongTheory).toBeNull();
    expect(document.cells[0]).toMatchObject({ classes: 2, noise: 0, seeds: [1], ok: true });
    expect(document.cells[0]!.observables[0]).toMatchObject({ name: 'margin', time: 2, standardError: null, z: null });
  });

  it('exits with 1 where the data cannot reject the wrong theory, and says what to do', async () => {
    const { code, stdout } = await run(
      '--classes 2 --noise 0.3 --seeds 1 --replicas 4 --samples 100 --times 2 --verbose',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('NOT REJECTED');
    expect(stdout).toContain('more --replicas');
    expect(stdout).toMatch(/gd +2 +margin/);
  });

  it('compares the noise of SGD, and exits with 1 where so few runs cannot reject what is a little off', async () => {
    const { code, stdout } = await run('--sgd-noise 0.5/64 --runs 12 --dim 1 --classes 2 --noise 0.5');
    expect(code).toBe(1);
    expect(stdout).toContain('k = 2, d = 3, σ = 0.5, from the Bayes classifier');
    expect(stdout).toMatch(/C × 1\.05 .* NOT REJECTED/);
    expect(stdout).toContain('Theory and networks agree in every cell.');
  });

  it.each([
    ['--sgd-noise 0.5', 'a learning rate above 0'],
    ['--sgd-noise 0.5/8', 'b/η is at least 50'],
    ['--classes 1', 'from 2 to 19'],
    ['--noise 0.005', '0,0.1,0.3'],
    ['--times 3,2 --noise 0.3', 'ascend'],
    ['--seeds 1 --replicas 2', 'at least 3 replicas'],
    ['--out folder', '--ladder'],
    ['--ladder --noise 0.1 --verbose', 'leave out --noise, --verbose'],
  ])('refuses %s', async (options, message) => {
    const { code, stdout, stderr } = await run(options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
