import { afterEach, describe, expect, it, vi } from 'vitest';
import { trainDefaults, type TrainConfig } from '../../../../src/train/train-config.js';

const config: TrainConfig = { ...trainDefaults, data: { ...trainDefaults.data, source: 'sine:100' }, seed: 1 };

/** The key of a run, and of a probe that comes after it, where the revisions are these. */
async function keysAt(change: { readonly training?: number; readonly probe?: number; readonly steps?: number } = {}) {
  vi.resetModules();
  vi.doMock('../../../../src/train/revision.js', () => ({ trainingRevision: change.training ?? 1 }));
  const { probeTask, trainTask } = await import('../../../../src/studies/reproduce/engine/task.js');
  const run = trainTask({ ...config, steps: change.steps ?? config.steps }, 1);
  const probe = { name: 'probe', revision: change.probe ?? 1, run: () => Promise.resolve(0) };
  return { run: run.key, probe: probeTask(probe, {}, { after: [run], seconds: 1 }).key };
}

afterEach(() => {
  vi.doUnmock('../../../../src/train/revision.js');
});

describe('the key of a task', () => {
  it('is the same for the same configuration and code', async () => {
    expect(await keysAt()).toEqual(await keysAt());
    expect((await keysAt()).run).toMatch(/^mlp-100-100-sine-100-seed-1-[0-9a-f]{16}$/);
  });

  it('is another one of another configuration, and for all that builds on it', async () => {
    const [now, other] = [await keysAt(), await keysAt({ steps: 7 })];
    expect(other.run).not.toBe(now.run);
    expect(other.probe).not.toBe(now.probe);
  });

  it('is another one after a revision of training, so that what older code found is not taken for new', async () => {
    const [now, revised] = [await keysAt(), await keysAt({ training: 2 })];
    expect(revised.run).not.toBe(now.run);
    expect(revised.probe).not.toBe(now.probe);
  });

  it('is another one after a revision of the probe, and leaves the run', async () => {
    const [now, revised] = [await keysAt(), await keysAt({ probe: 2 })];
    expect(revised.run).toBe(now.run);
    expect(revised.probe).not.toBe(now.probe);
  });
});
