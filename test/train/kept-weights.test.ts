import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../src/errors.js';
import { spectrum } from '../../src/studies/spectrum/spectrum.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { lastWeights, recordedWeights } from '../../src/train/kept-weights.js';
import { loadRun } from '../../src/train/load-run.js';
import { train } from '../../src/train/train.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { alteredConfig as config } from './altered-folders.js';

const base = mkdtempSync(join(tmpdir(), 'kept-weights-'));
const [run, other, folder] = ['run', 'other', 'copy'].map((name) => join(base, name)) as [string, string, string];
let document: TrainDocument;
beforeAll(async () => {
  document = await train(config, { out: run });
  await train({ ...config, seed: 2 }, { out: other });
});
afterAll(() => {
  rmSync(base, { recursive: true });
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(run, folder, { recursive: true });
});

describe('recordedWeights', () => {
  const name = 'weights/step-00000002.safetensors';

  it('are those of the run and the record, and of no other, however intact in themselves', () => {
    expect(recordedWeights(folder, document.run, name)).toBe(join(folder, name));
    expect(() => recordedWeights(other, document.run, name)).toThrow(UsageError);
    for (const from of [join(other, name), join(run, 'weights/step-00000004.safetensors')]) {
      cpSync(from, join(folder, name));
      expect(() => recordedWeights(folder, document.run, name)).toThrow(
        /is not the file of weights that its run recorded/,
      );
    }
    rmSync(join(folder, name));
    expect(() => recordedWeights(folder, document.run, name)).toThrow(DataError);
  });

  it('of the last step are neither those of a run from other first weights, nor of another time', async () => {
    const last = { ...config, keepWeights: 'last' } as const;
    const outs = ['a', 'b'].map((one) => join(base, one)) as [string, string];
    for (const [i, out] of outs.entries())
      await train(last, { out, initFrom: join(run, `weights/step-0000000${2 * i}.safetensors`) });
    const initFrom = join(run, 'weights/step-00000000.safetensors');
    cpSync(join(outs[1], lastWeights), join(outs[0], lastWeights));
    await expect(train(last, { out: outs[0], initFrom })).rejects.toThrow(
      /last\.safetensors was altered since it was written/,
    );
  });
});

describe('a run folder', () => {
  it('goes on where lines behind its last checkpoint are no records', async () => {
    writeFileSync(join(folder, 'records.jsonl'), 'no record\n', { flag: 'a' });
    expect(loadRun(folder).records).toEqual(document.records);
    expect(await train(config, { out: folder })).toEqual(document);
    expect(readFileSync(join(folder, 'records.jsonl'))).toEqual(readFileSync(join(run, 'records.jsonl')));
  });

  it('leaves a file alone that has a second name in a copy', async () => {
    const copy = join(base, 'linked');
    cpSync(run, copy, { recursive: true });
    rmSync(join(copy, 'records.jsonl'));
    writeFileSync(join(folder, 'records.jsonl'), 'behind it', { flag: 'a' });
    linkSync(join(folder, 'records.jsonl'), join(copy, 'records.jsonl'));
    const before = readFileSync(join(folder, 'records.jsonl'));
    await train(config, { out: copy });
    expect(readFileSync(join(folder, 'records.jsonl'))).toEqual(before);
    expect(readFileSync(join(copy, 'records.jsonl'))).toEqual(readFileSync(join(run, 'records.jsonl')));
  });

  it('is not taken up on another runtime, whose last digits are others', async () => {
    const runtime = await nativeRuntime();
    const named = (versions: Readonly<Record<string, string>>) => ({
      InferenceSession: runtime.InferenceSession,
      Tensor: runtime.Tensor,
      env: { versions },
    });
    const net = { ...config, model: 'mlp:2', backend: 'onnx', steps: 0 } as const;
    const out = join(base, 'runtime');
    expect((await train(net, { out, runtime })).run.runtime).toBe(`onnxruntime-node ${runtime.env!.versions.node!}`);
    expect(document.run.runtime).toBeNull();
    await expect(train(net, { out, runtime: named({ web: '1.0' }) })).rejects.toThrow(
      /run\.runtime was "onnxruntime-node .* there and is "onnxruntime-web 1\.0" now/,
    );
  });

  it.skipIf(process.platform === 'win32')(
    'is refused, and never waited for, where a file of it is a pipe',
    async () => {
      const checkpoint = join(folder, 'weights/step-00000002.safetensors');
      for (const name of [
        'manifest.json',
        'config.json',
        'records.jsonl',
        'checkpoint.safetensors',
        'weights/step-00000002.safetensors',
      ]) {
        rmSync(folder, { recursive: true });
        cpSync(run, folder, { recursive: true });
        rmSync(join(folder, name));
        expect(spawnSync('mkfifo', [join(folder, name)]).status).toBe(0);
        await expect(train(config, { out: folder }), name).rejects.toThrow(/it is no plain file/);
      }
      const only = {
        layers: [],
        top: 1,
        bottom: 0,
        tolerance: 1e-6,
        densityProducts: 0,
        traceProducts: 0,
        split: false,
      };
      await expect(spectrum({ ...only, checkpoint, curvature: 'hessian', seed: 1 })).rejects.toThrow(
        /it is no plain file/,
      );
      await expect(train(config, { initFrom: checkpoint })).rejects.toThrow(DataError);
      expect(readdirSync(folder)).not.toContain('tiny-subspace.lock');
    },
  );
});
