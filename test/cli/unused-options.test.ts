import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { boundaryCommand } from '../../src/cli/boundary.js';
import { deriveCommand } from '../../src/cli/derive.js';
import { exploreCommand } from '../../src/cli/explore.js';
import { exportCommand } from '../../src/cli/export.js';
import { measureCommand } from '../../src/cli/measure.js';
import { plotCommand } from '../../src/cli/plot.js';
import { responseCommand } from '../../src/cli/response.js';
import { runCli } from '../../src/cli/run-cli.js';
import { simulateCommand } from '../../src/cli/simulate.js';
import { solveCommand } from '../../src/cli/solve.js';
import { spectrumCommand } from '../../src/cli/spectrum.js';
import { theoremsCommand } from '../../src/cli/theorems.js';
import { trainCommand } from '../../src/cli/train.js';
import { workerCommand } from '../../src/cli/worker.js';
import { formatIdx } from '../../src/data/idx.js';
import { captured } from './captured.js';

/** Where an option changes the result: what it needs beside it, and the option itself, on a base of its own if need be; or why no result can show it. */
type Use = readonly [needs: string, option: string, base?: string] | { readonly untested: string };

interface Options {
  readonly command: Command;
  readonly base: string;
  readonly uses: Readonly<Record<string, Use>>;
}

/** A signal that does not come. */
const running = new AbortController().signal;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unused-options-'));
  const data = Uint8Array.from({ length: 24 * 9 }, (_, i) => (37 * i + 11 * (i % 7)) % 256);
  const labels = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
  for (const split of ['train', 't10k']) {
    writeFileSync(join(folder, `${split}-images-idx3-ubyte`), formatIdx({ shape: [24, 3, 3], data }));
    writeFileSync(join(folder, `${split}-labels-idx1-ubyte`), formatIdx({ shape: [24], data: labels }));
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ activation: 'tanh' }));
  const rows = [0.1, 0.2].flatMap((lr) =>
    [1, 2].flatMap((seed) => [0, 5].map((step) => `${lr},16,${seed},${step},${lr + seed * step},${lr * step}\n`)),
  );
  writeFileSync(join(folder, 'table.csv'), `lr,batch,seed,step,y,z\n${rows.join('')}`);
  vi.stubEnv('MNIST_DIR', folder);
  await resultOf('train', `${trained} --batch 12 --out DIR/run`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What a document says of the question. */
const asked = new Set(['run', 'model', 'config', 'threshold', 'checkpoint', 'initMap', 'curvature', 'layers']);

/** Without what was asked for: only what came of it. */
async function resultOf(command: string, args: string): Promise<string> {
  const { code, stdout, stderr } = await captured(() => runCli([command, ...words(args), '--json']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.stringify(JSON.parse(stdout), (key, value: unknown) => (asked.has(key) ? undefined : value));
}

const words = (text: string): string[] =>
  text === '' ? [] : text.split(' ').map((word) => word.replace('DIR', folder));
const trained = '--data mnist --model mlp:4,3 --steps 4 --top 6 --dtype f64 --measure-every 2';
const mixture = '--data mixture:3,4,0.3,60';
const follow = '--follow dominant';
/** A network that no run has trained. */
const first = '--data mnist --model mlp:4,3 --top 4 --dtype f64';
const weights = 'DIR/run/weights/step-00000002.safetensors';

const commands: Readonly<Record<string, Options>> = {
  solve: {
    command: solveCommand(),
    base: '--classes 4 --dim 6',
    uses: {
      classes: ['', '--classes 3'],
      dim: ['', '--dim 7'],
      times: ['', '--times 2'],
      margin: ['', '--margin 2'],
      noise: ['--times 1', '--noise 0.3'],
      rho: ['--times 1 --noise 0.3', '--rho 0.2'],
      init: ['', '--init random:0.1'],
      bias: ['', '--bias'],
      levels: ['--init random:0.1', '--levels 3'],
      draws: ['--init random:0.1', '--draws 5'],
      sgdNoise: ['--margin 2', '--sgd-noise 0.1/64'],
      etaOverB: ['--margin 2', '--eta-over-b 0.1'],
      seed: ['--init random:0.1', '--seed 2'],
      json: { untested: 'how it is printed' },
    },
  },
  boundary: {
    command: boundaryCommand(),
    base: '--classes 4',
    uses: {
      classes: ['', '--classes 3'],
      noise: ['', '--noise 0.4'],
      rho: ['', '--rho 0.2'],
      json: { untested: 'how it is printed' },
    },
  },
  response: {
    command: responseCommand(),
    base: '--classes 3 --dim 5 --draws 20 --times 1,10',
    uses: {
      classes: ['', '--classes 4'],
      dim: ['', '--dim 9'],
      noise: ['', '--noise 0.4'],
      rho: ['', '--rho 0.2'],
      delta: ['', '--delta 0.02'],
      times: ['', '--times 2'],
      draws: ['', '--draws 30'],
      threshold: ['', '--threshold 0.5'],
      seed: ['', '--seed 2'],
      json: { untested: 'how it is printed' },
    },
  },
  derive: {
    command: deriveCommand(),
    base: '--classes 2 --of gradient',
    uses: {
      classes: ['', '--classes 3'],
      of: ['', '--of flow'],
      at: ['', '--at any'],
      format: { untested: 'how it is printed' },
      json: { untested: 'how it is printed' },
    },
  },
  simulate: {
    command: simulateCommand(),
    base: '--classes 3 --dim 4 --batch 20 --steps 6 --every 3',
    uses: {
      classes: ['', '--classes 4'],
      dim: ['', '--dim 5'],
      noise: ['', '--noise 0.4'],
      method: ['', '--method bulk-sgd'],
      margin: ['', '--margin 3'],
      lr: ['', '--lr 1'],
      steps: ['', '--steps 7'],
      every: ['', '--every 2'],
      batch: ['', '--batch 10'],
      samples: ['', '--samples 120'],
      online: ['', '--online'],
      refresh: ['--method dom-sgd', '--refresh 2'],
      runs: ['', '--runs 3'],
      seed: ['', '--seed 2'],
      json: { untested: 'how it is printed' },
    },
  },
  theorems: {
    command: theoremsCommand(running),
    base: '--only rank',
    uses: {
      format: { untested: 'how it is printed' },
      only: ['', '--only level-ratio'],
      evidence: ['', '--evidence'],
      json: { untested: 'how it is printed' },
    },
  },
  measure: {
    command: measureCommand(running),
    base: '--data mnist --steps 4 --top 6 --every 2 --window 4',
    uses: {
      data: ['', mixture],
      samples: ['', '--samples 20'],
      pixels: ['', '--pixels standardised'],
      bias: ['', '--bias'],
      steps: ['', '--steps 5'],
      every: ['', '--every 3'],
      batch: ['', '--batch 5'],
      lr: ['', '--lr 0.2'],
      top: ['', '--top 5'],
      tolerance: ['', '--tolerance 1e-2'],
      window: ['', '--window 0'],
      seed: ['', '--seed 2'],
      out: { untested: 'where it is kept' },
      json: { untested: 'how it is printed' },
    },
  },
  train: {
    command: trainCommand(running),
    base: trained,
    uses: {
      config: ['', '--config DIR/config.json'],
      model: ['', '--model mlp:5'],
      backend: ['--model softmax', '--backend plain'],
      activation: ['', '--activation tanh'],
      bias: ['', '--no-bias'],
      loss: ['', '--loss squared-error'],
      init: ['', '--init he-normal'],
      initFrom: ['', `--init-from ${weights}`],
      initMap: { untested: 'tested with the names it is about' },
      data: ['', mixture],
      samples: ['', '--samples 20'],
      subset: ['--samples 20', '--subset random'],
      classes: ['', '--classes 2,0'],
      randomLabels: ['', '--random-labels'],
      pixels: ['', '--pixels standardised'],
      optimizer: ['', '--optimizer adam'],
      momentum: ['--optimizer momentum', '--momentum 0.5'],
      parameters: ['', '--parameters dense1'],
      weightDecay: ['--optimizer adamw', '--weight-decay 1'],
      lr: ['', '--lr 0.2'],
      schedule: ['', '--schedule cosine:4'],
      warmup: ['', '--warmup 3'],
      batch: ['', '--batch 5'],
      steps: ['', '--steps 5'],
      measureEvery: ['', '--measure-every 3'],
      measureFrom: ['', '--measure-from 2'],
      stopLoss: ['', '--stop-loss 9'],
      stopEvery: ['--stop-loss 1.1065', '--stop-every 3'],
      stopTime: ['', '--stop-time 0.3'],
      extend: { untested: 'which run is meant: tested in test/train/extend.test.ts' },
      follow: ['', follow],
      followFrom: [follow, '--follow-from 2'],
      followSwitch: [follow, '--follow-switch 0.99'],
      refresh: [follow, '--refresh 4'],
      subspace: ['', '--subspace 2'],
      top: ['', '--top 5'],
      tolerance: ['', '--tolerance 1e-9'],
      basis: ['', '--basis 10'],
      effort: ['', '--effort 0'],
      accuracy: ['', '--accuracy 0.1'],
      dtype: ['', '--dtype f32'],
      threads: { untested: 'how fast it is' },
      window: ['', '--window 3'],
      updates: ['', '--updates 2'],
      noiseNull: ['--batch 12', '--noise-null 3'],
      keepWeights: { untested: 'which files are kept' },
      seed: ['', '--seed 2'],
      out: { untested: 'where it is kept' },
      columns: { untested: 'how it is printed' },
      csv: { untested: 'how it is printed' },
      schema: { untested: 'does something else' },
      json: { untested: 'how it is printed' },
    },
  },
  spectrum: {
    command: spectrumCommand(running),
    base: `--checkpoint ${weights} --top 3`,
    uses: {
      checkpoint: ['', '--checkpoint DIR/run/weights/step-00000004.safetensors'],
      initMap: { untested: 'tested with the names it is about' },
      curvature: ['', '--curvature gauss-newton'],
      layers: ['', '--layers dense1'],
      top: ['', '--top 2'],
      bottom: ['', '--bottom 2'],
      tolerance: ['', '--tolerance 1e-10'],
      basis: ['', '--basis 15'],
      density: ['', '--density 60'],
      trace: ['', '--trace 9'],
      split: ['', '--split'],
      noiseNull: ['--top 4', '--noise-null 3'],
      seed: ['', '--seed 2'],
      config: ['', '--config DIR/config.json', first],
      model: ['', '--model mlp:5', first],
      backend: ['--model softmax', '--backend plain', first],
      activation: ['', '--activation tanh', first],
      bias: ['', '--no-bias', first],
      loss: ['', '--loss squared-error', first],
      init: ['', '--init he-normal', first],
      initFrom: ['', `--init-from ${weights}`, first],
      data: ['', mixture, first],
      samples: ['', '--samples 20', first],
      subset: ['--samples 20', '--subset random', first],
      classes: ['', '--classes 2,0', first],
      randomLabels: ['', '--random-labels', first],
      pixels: ['', '--pixels standardised', first],
      parameters: ['', '--parameters dense1', first],
      blocks: ['', '--blocks each'],
      subsets: ['--samples 10', '--subsets 2', first],
      subspace: ['', '--subspace 2'],
      dtype: ['', '--dtype f32', first],
      threads: { untested: 'how fast it is' },
      json: { untested: 'how it is printed' },
    },
  },
  export: {
    command: exportCommand(running),
    base: '--data mnist --model mlp:4,3 --out DIR/net.onnx',
    uses: {
      checkpoint: { untested: 'instead of the base: tested with the models it is about' },
      config: ['', '--config DIR/config.json'],
      model: ['', '--model mlp:5'],
      activation: ['', '--activation tanh'],
      bias: ['', '--no-bias'],
      loss: { untested: 'for which data it is' },
      init: ['', '--init he-normal'],
      initFrom: ['', `--init-from ${weights}`],
      initMap: { untested: 'tested with the names it is about' },
      data: ['', mixture],
      classes: ['', '--classes 2,0'],
      dtype: ['', '--dtype f64'],
      seed: ['', '--seed 2'],
      ...Object.fromEntries(
        ['backend', 'samples', 'subset', 'randomLabels', 'pixels', 'parameters', 'subspace', 'threads'].map((name) => [
          name,
          { untested: 'refused' },
        ]),
      ),
      out: { untested: 'where it goes' },
      json: { untested: 'how it is printed' },
    },
  },
  worker: {
    command: workerCommand(running),
    base: '--redis redis://localhost',
    uses: {
      redis: { untested: 'where the jobs are' },
      jobs: { untested: 'how many at a time' },
      out: { untested: 'where checkpoints are' },
      json: { untested: 'how it is printed' },
    },
  },
  explore: {
    command: exploreCommand(running),
    base: 'DIR/run',
    uses: {
      port: { untested: 'where it is served' },
      open: { untested: 'who opens it' },
      json: { untested: 'how it is printed' },
    },
  },
  plot: {
    command: plotCommand(running),
    base: '--x lr --y y --out DIR/drawn DIR/table.csv',
    uses: {
      x: ['', '--x step --color lr'],
      y: ['', '--y z'],
      color: ['', '--color seed'],
      facet: ['', '--facet seed'],
      log: { untested: 'how it is drawn' },
      kind: ['', '--kind heatmap --value y', '--x lr --y batch --out DIR/drawn DIR/table.csv'],
      value: ['', '--value z', '--x lr --y batch --kind heatmap --value y --out DIR/drawn DIR/table.csv'],
      where: ['', '--where step=0'],
      with: ['', '--with z'],
      over: ['', '--over DIR/table.csv'],
      overY: ['--over DIR/table.csv', '--over-y z'],
      error: ['', '--error sd'],
      title: ['', '--title Late'],
      name: ['', '--name late'],
      pdf: ['', '--pdf'],
      svgText: { untested: 'how it is written' },
      out: { untested: 'where it goes' },
      json: { untested: 'how it is printed' },
    },
  },
};

describe.each(Object.entries(commands))('%s', (name, { command, base, uses }) => {
  it('has no option that this table does not know', () => {
    expect(Object.keys(uses).sort()).toEqual(command.options.map((option) => option.attributeName()).sort());
  });

  const results = new Map<string, Promise<string>>();
  const known = (args: string): Promise<string> => {
    results.set(args, results.get(args) ?? resultOf(name, args));
    return results.get(args)!;
  };
  it.each(Object.entries(uses).flatMap(([, use]) => ('untested' in use ? [] : [use])))(
    'beside "%s", %s changes the result',
    async (needs, option, own = base) => {
      const without = `${own} ${needs}`.trim();
      expect(await resultOf(name, `${without} ${option}`)).not.toBe(await known(without));
    },
  );
});

describe('an option that would change nothing is refused', () => {
  const sine = 'train --data sine:40 --loss squared-error --model mlp:3';
  it.each([
    ['solve --margin 2 --times 1', '--times'],
    ['solve --levels 5 --seed 3', '--levels, --seed'],
    ['solve --noise 0.3 --seed 3', '--seed'],
    ['solve --init random:0.1 --draws 5 --sgd-noise 0.1/64', '--sgd-noise'],
    ['simulate --method gd --batch 5 --samples 50 --online --seed 2', '--batch, --samples, --online, --seed'],
    ['simulate --method gd --refresh 5', '--refresh'],
    ['simulate --method sgd --refresh 5', '--refresh'],
    ['simulate --runs 3 --samples 50 --online', '--samples, --online'],
    ['simulate --method gd --runs 3', '--runs'],
    ['compare --sgd-noise 0.5/64 --seeds 2 --verbose', '--seeds, --verbose'],
    ['compare --runs 20', '--runs'],
    ['measure --data mixture:3,10,0.2,300 --bias --pixels standardised --samples 7', '--samples, --pixels, --bias'],
    ['measure --data mixture:3,10,0.2,300 --pixels unit', '--pixels'],
    ['train --data mixture:3,10,0.2,300 --pixels unit', '--pixels'],
    ['train --data mixture:3,10,0.2,300 --pixels standardised', '--pixels'],
    ['train --data mixture:3,10,0.2,300 --subset random', '--subset'],
    ['train --data mixture:3,10,0.2,300 --samples 10', '--samples'],
    ['train --data mixture:3,10,0.2,300 --classes 0,1', '--classes'],
    [`${sine} --samples 10`, '--samples'],
    [`${sine} --subset first`, '--subset'],
    [`${sine} --pixels standardised`, '--pixels'],
    ['train --data mnist --subset random', '--subset'],
    ['train --data mnist --model softmax --activation tanh', '--activation'],
    ['train --data mnist --model linear:4 --activation relu', '--activation'],
    ['train --data mnist --model softmax --dtype f64 --backend plain --threads 2', '--threads'],
    ['train --data mnist --refresh 5', '--refresh'],
    ['train --data mnist --follow-from 5', '--follow-from'],
    ['train --data mnist --follow gradient --follow-switch 0.9', '--follow-switch'],
    ['train --data mnist --keep-weights last', '--keep-weights'],
    ['train --data mnist --stop-every 5', '--stop-every'],
    ['train --data mnist --stop-time 0.5 --stop-every 5', '--stop-every'],
    ['train --data mnist --init-map a=dense1', '--init-map'],
    [`train --data mnist --model mlp:4,3 --init he-normal --init-from ${weights}`, '--init'],
    ['train --schema --steps 3', '--steps'],
    ['train --schema records --csv', '--csv'],
    [`${sine} --json --csv --columns loss`, '--columns, --csv'],
    [`spectrum --checkpoint ${weights} --layers dense1 --split`, '--split'],
    [`spectrum --checkpoint ${weights} --layers dense1 --noise-null`, '--noise-null'],
    [
      `spectrum --checkpoint ${weights} --model mlp:3 --data sine:40 --loss squared-error --dtype f64 --threads 2`,
      '--model, --loss, --data, --dtype, --threads',
    ],
    [`spectrum --checkpoint ${weights} --init-from ${weights} --samples 5`, '--init-from, --samples'],
    ['spectrum --model mlp:3 --data sine:40 --loss squared-error --subspace 1 --samples 5', '--samples'],
    [`spectrum --model mlp:4,3 --data mnist --init he-normal --init-from ${weights}`, '--init'],
    ['spectrum --model mlp:4,3 --data mnist --noise-null', '--noise-null'],
    ['spectrum --model net.onnx --data mnist --no-bias', '--no-bias'],
    ['train --model net.onnx --data mnist --activation relu', '--activation'],
    [
      'export --model mlp:3 --data mnist --out x.onnx --backend onnx --samples 9 --subset first --random-labels --pixels unit --parameters dense1 --subspace 2 --threads 2',
      '--backend, --parameters, --samples, --subset, --random-labels, --pixels, --subspace, --threads',
    ],
    [`export --checkpoint ${weights} --out x.onnx --data mnist --dtype f64`, '--data, --dtype'],
    [`spectrum --checkpoint ${weights} --subsets 2 --samples 5 --bottom 2 --blocks each`, '--blocks, --bottom'],
    [`spectrum --checkpoint ${weights} --layers dense1 --blocks each`, '--blocks'],
    [
      'compare --noise 0 --replicas 3 --samples 100 --significance 0.1 --wrong 0.1',
      '--replicas, --samples, --significance, --wrong',
    ],
    ['compare --verbose --json', '--verbose'],
    ['derive --json --format python', '--format'],
    ['sweep --schema --grid lr=0.1 --lr 0.1', '--lr, --grid'],
    ['compare --out folder', '--out'],
    ['compare --ladder --dim 3', '--dim'],
  ])('%s', async (args, names) => {
    const { code, stdout, stderr } = await captured(() => runCli(words(args)));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`leave out ${names}, which would change nothing`);
  });

  it.each([
    ['train --data mnist --momentum 0.5', '--momentum belongs to momentum and nesterov'],
    ['train --data mnist --weight-decay 1', '--weight-decay belongs to adamw'],
    ['train --data sine:40 --loss squared-error --random-labels', 'class'],
    ['train --data mnist --batch 100', 'batch must be at most 24'],
    ['measure --data mnist --batch 100', 'batch must be at most 24'],
    ['simulate --batch 100 --samples 50', 'batch must not exceed samples'],
  ])('%s: %s', async (args, message) => {
    const { code, stderr } = await captured(() => runCli(words(args)));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('also in a configuration file', async () => {
    writeFileSync(
      join(folder, 'unused.json'),
      JSON.stringify({ model: 'softmax', activation: 'tanh', data: { source: 'mnist' } }),
    );
    const { code, stderr } = await captured(() => runCli(['train', '--config', join(folder, 'unused.json')]));
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave activation at "relu"') as string,
    });
  });
});

describe('defaults fit the data', () => {
  it.each([
    'measure --steps 1',
    'train --steps 1 --model softmax --no-bias',
    'measure --data mixture:21,22,0.1,40 --steps 1',
  ])('%s', async (args) => {
    const { code, stdout } = await captured(() => runCli([...words(args), '--json']));
    expect(code).toBe(0);
    const { run, records } = JSON.parse(stdout) as {
      run: { config: { batch: number; top: number } };
      records: { eigenvalues: number[] }[];
    };
    expect(run.config.batch).toBeLessThanOrEqual(40);
    expect(records[0]!.eigenvalues).toHaveLength(run.config.top);
  });
});
