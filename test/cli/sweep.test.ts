import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { localEngine } from '../../src/jobs/local/local-engine.js';
import { planSweep } from '../../src/studies/sweep/plan.js';
import { runSweep, type SweepOutcome } from '../../src/studies/sweep/run-sweep.js';
import { printOutcome } from '../../src/cli/sweep-outcome.js';
import { reportFailures } from '../../src/cli/sweep-failures.js';
import { toyCommand } from '../studies/sweep/toy-command.js';
import { captured } from './captured.js';

let base: string;
let out: string;
let outcome: SweepOutcome;
/** Every run fails. */
const plan = () =>
  planSweep({ command: 'toy', base: { failsAt: 1, y: 1 }, grid: [{ x: [1, 2] }], seeds: '1..2' }, [toyCommand]);
const sweep = (...args: readonly string[]) => captured(() => runCli(['sweep', ...args]));

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'cli-sweep-'));
  out = join(base, 'failed');
  const worker = new URL('../studies/sweep/toy-sweep-worker.ts', import.meta.url);
  outcome = await runSweep(await plan(), { out, engine: localEngine({ worker, processes: 2 }) });
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

describe('sweep', () => {
  it('says once why all runs failed, and shows no table of nothing', async () => {
    const found = await captured(async () => {
      printOutcome(await plan(), outcome, out);
      reportFailures(outcome, out);
      return Number(process.exitCode);
    });
    expect(found).toMatchObject({ code: 3, stderr: 'error: 4 runs failed: y is 1\n' });
    expect(found.stdout).toMatch(/^0 of 4 runs, 0 rows, in /);
  });

  it('groups crashes, which name their run, and leaves many reasons to the table', async () => {
    const failure = { name: 'crash', exitCode: 2, attempts: 1 } as const;
    const failures = new Map(
      Array.from({ length: 30 }, (_, i) => [
        `run-${i}`,
        { ...failure, message: i < 9 ? `the process of run-${i} ended` : `reason ${i}` },
      ]),
    );
    const { stderr } = await captured(async () => {
      reportFailures({ failures }, out);
      return Promise.resolve(0);
    });
    expect(stderr).toMatch(
      /^error: 9 runs failed: the process of the run ended\nerror: the run run-9 failed: reason 9\n/,
    );
    expect(stderr.trimEnd().split('\n').slice(10)).toEqual([
      `error: 12 more runs failed; ${join(out, 'runs.csv')} says why`,
    ]);
  });

  it('gives the options behind status to status', async () => {
    const { code, stdout } = await sweep('status', out, '--json');
    expect([code, (JSON.parse(stdout) as { readonly failed: number }).failed]).toEqual([0, 4]);
    expect(await sweep('status', out, '--lr', '0.1')).toMatchObject({ code: 2, stdout: '' });
    const missing = await sweep('status');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/argument 'dir'.*--help/);
  });
});
