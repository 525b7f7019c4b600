import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../src/errors.js';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { formatSealed } from '../../src/files/sealed-tensors.js';
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

  it('of the last step are neither those of a run from other first weights, nor others of the same step', async () => {
    const last = { ...config, keepWeights: 'last' } as const;
    const first = [0, 2].map((step) => join(run, `weights/step-0000000${step}.safetensors`)) as [string, string];
    const [out, foreign] = [join(base, 'a'), join(base, 'b')];
    await train(last, { out: foreign, initFrom: first[1] });
    const stop = new AbortController();
    const stopped = train(last, {
      out,
      initFrom: first[0],
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step === 3) stop.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    const path = join(out, lastWeights);
    const ours = readFileSync(path);
    const refused = async (): Promise<void> => {
      await expect(train(last, { out, initFrom: first[0] })).rejects.toThrow(/last\.safetensors was altered since/);
    };
    cpSync(join(foreign, lastWeights), path); // of a later step
    await refused();
    const { tensors, metadata } = parseSafetensors(new Uint8Array(ours), path);
    (tensors.get('dense1.weight')!.data as Float64Array)[0]! += 1;
    writeFileSync(path, formatSealed(tensors, metadata));
    await refused();
    writeFileSync(path, ours);
    await train(last, { out, initFrom: first[0] });
  });
});

describe('a run folder', () => {
  it('keeps an edited config.json, which would change nothing, and says so', async () => {
    const path = join(folder, 'config.json');
    const edited = readFileSync(path, 'utf8').replace('"steps": 6', '"steps": 60');
    writeFileSync(path, edited);
    await expect(train(config, { out: folder })).rejects.toThrow(
      /config\.json was altered since the run began; .*remove it to go on/,
    );
    expect(readFileSync(path, 'utf8')).toBe(edited);
  });

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
