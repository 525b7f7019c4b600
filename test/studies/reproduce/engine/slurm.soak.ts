import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { slurmEngine } from '../../../../src/jobs/slurm/slurm-engine.js';
import { reproduce, reproduceWorker } from '../../../../src/studies/reproduce/reproduce.js';
import { startSlurmNode, whyNoSlurm, type SlurmNode } from '../../../jobs/slurm/slurm-node.js';
import { toy } from './toy-experiment.js';
import { written } from './written.js';

const missing = whyNoSlurm();
const base = mkdtempSync(join(tmpdir(), 'reproduce-slurm-'));
let node: SlurmNode | undefined;
beforeAll(async () => {
  if (missing !== undefined) return;
  node = await startSlurmNode();
  vi.stubEnv('SLURM_CONF', node.conf);
});
afterAll(async () => {
  await node?.stop();
  rmSync(base, { recursive: true });
});

it('page and figures of a Slurm are those of this machine', async ({ skip }) => {
  if (missing !== undefined) skip(missing);
  const [here, there] = [join(base, 'here'), join(base, 'there')];
  await reproduce([toy], { scale: 'full', out: here, jobs: 2 });
  const engine = slurmEngine({ worker: reproduceWorker, processesPerTask: 2, settleSeconds: 1, pollSeconds: 0.5 });
  await reproduce([toy], { scale: 'full', out: there, jobs: 2, engine });
  expect(written(there)).toEqual(written(here));
});
