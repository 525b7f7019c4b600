import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { slurmTemplate } from '../../src/jobs/slurm/script-template.js';
import { captured } from '../cli/captured.js';
import { fakeSlurm, type FakeSlurm } from '../jobs/slurm/fake-slurm.js';

const page = readFileSync('docs/slurm.md', 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter(([, of]) => of === language).map(([, , body]) => body!);
const [builtIn, own] = blocks('bash');

let folder: string;
let slurm: FakeSlurm;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'docs-slurm-'));
  slurm = fakeSlurm();
  writeFileSync(join(folder, 'own.sh'), own!);
});
afterAll(() => {
  slurm.remove();
  rmSync(folder, { recursive: true });
});

/** Does what a cluster does with the tasks that wait, until the signal is raised. */
async function cluster(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const [task, state] of Object.entries(slurm.states())) {
      if (state !== 'PENDING') continue;
      const [array, SLURM_ARRAY_TASK_ID] = task.split('_');
      slurm.set(task, 'RUNNING');
      await promisify(execFile)('bash', [join(slurm.arrays().get(array!)!, 'array.sh')], {
        env: { ...process.env, SLURM_ARRAY_TASK_ID },
      });
      slurm.set(task, 'COMPLETED');
    }
    await pause(50);
  }
}

describe('the page on Slurm', () => {
  it('shows the script that is built in', () => {
    expect(builtIn).toBe(slurmTemplate);
  });

  it.each(blocks('sh').map((body) => body.trim()))('runs, on a Slurm that only keeps books: %s', async (command) => {
    const inFolder = command
      .split(' ')
      .slice(5)
      .map((word) => (/^(study|own\.sh)$/.test(word) ? join(folder, word) : word));
    const over = new AbortController();
    const work = cluster(over.signal);
    const { code, stdout } = await captured(() => runCli(inFolder));
    over.abort();
    await work;
    expect(code).toBe(0);
    expect(stdout).toContain('study');
  });

  it('has said what Slurm was asked for', () => {
    const [first, second] = slurm.calls('sbatch');
    expect(first).toContain('--partition=short --time=60 ');
    expect(readFileSync(second!.split(' ').at(-1)!, 'utf8')).toContain(
      '#SBATCH --cpus-per-task=2\n#SBATCH --mem-per-cpu=2G',
    );
  });
});
