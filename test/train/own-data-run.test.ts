import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { sha256Of } from '../../src/files/sha256.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { train } from '../../src/train/train.js';
import { checkTrainConfig, trainDefaults } from '../../src/train/train-config.js';
import { npyOf } from '../files/npy-bytes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-run-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('a run on arrays of files records their SHA-256, and goes on with no others', async () => {
  const runtime = await nativeRuntime();
  const [x, y, out] = ['x.npy', 'y.npy', 'run'].map((name) => join(folder, name)) as [string, string, string];
  const inputs = (shift: number) =>
    npyOf(
      Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i) + shift),
      [40, 3],
    );
  writeFileSync(x, inputs(0));
  writeFileSync(
    y,
    npyOf(
      BigInt64Array.from({ length: 40 }, (_, i) => BigInt(i % 3)),
      [40],
    ),
  );
  const config = checkTrainConfig({
    ...trainDefaults,
    model: 'mlp:4',
    data: { ...trainDefaults.data, source: `npy:${x},${y}` },
    steps: 2,
    top: 4,
  });
  const { run } = await train(config, { runtime, out });
  expect(run.data).toMatchObject({
    name: 'x.npy',
    samples: 40,
    classes: 3,
    origin: { source: `npy:${x},${y}`, checksums: [x, y].map((path) => sha256Of(readFileSync(path))) },
  });
  await expect(train(config, { runtime, out })).resolves.toMatchObject({ run });
  writeFileSync(x, inputs(0.5));
  await expect(train(config, { runtime, out })).rejects.toThrow(UsageError);
  await expect(train(config, { runtime, out })).rejects.toThrow(/run\.data\.origin\.checksums was/);
});
