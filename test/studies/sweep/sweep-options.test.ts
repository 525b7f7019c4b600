import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { descriptionOf, withSweepOptions } from '../../../src/cli/sweep-options.js';
import { trainConfigOf, withTrainOptions } from '../../../src/cli/train-options.js';
import { UsageError } from '../../../src/errors.js';
import type { SweepDescription } from '../../../src/studies/sweep/description.js';
import { trainOptionSettings } from '../../../src/studies/sweep/commands/train-settings.js';
import type { TrainPoint } from '../../../src/studies/sweep/commands/train-point.js';
import { planSweep } from '../../../src/studies/sweep/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (content: unknown): string => {
  const path = join(folder, 'sweep.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const quiet = (command: Command): Command => command.exitOverride().configureOutput({ outputError: () => undefined });
const described = (args: readonly string[], path?: string): SweepDescription =>
  descriptionOf(path, quiet(withSweepOptions(new Command())).parse([...args], { from: 'user' }));

describe('the command line of a sweep', () => {
  it('reads axes, zips and lists; brackets hold commas', () => {
    const { grid } = described([
      ...['--grid', 'model=[mlp:100,100],softmax', '--grid', 'zip:lr=0.05,1e-1;steps=200,100'],
      ...['--grid', 'list:bias=true,subset=first;batch=all,accuracy=null'],
    ]);
    expect(grid).toEqual([
      { model: ['mlp:100,100', 'softmax'] },
      { zip: { lr: [0.05, 0.1], steps: [200, 100] } },
      {
        list: [
          { bias: true, subset: 'first' },
          { batch: 'all', accuracy: null },
        ],
      },
    ]);
  });

  it('puts options on top of a file', () => {
    const path = file({ base: { lr: 0.3, steps: 7 }, grid: [{ batch: [2] }], seeds: [5] });
    expect(described(['--lr', '0.1', '--no-bias', '--grid', 'top=4', '--seeds', '1,3'], path)).toEqual({
      command: 'train',
      base: { lr: 0.1, steps: 7, bias: false },
      grid: [{ batch: [2] }, { top: [4] }],
      seeds: [1, 3],
    });
    expect(described([], path)).toMatchObject({ base: { lr: 0.3 }, seeds: [5] });
  });

  it.each([
    ['batch'],
    ['=1'],
    ['batch=1,,2'],
    ['lr=1;steps=2'],
    ['zip:lr=1;lr=2'],
    ['model=[mlp:5'],
    ['model=mlp:5]'],
    ['lr=1e999'],
  ])('refuses --grid %s', (text) => {
    expect(() => described(['--grid', text])).toThrow(/it looks like batch=16,64,256/);
  });

  it('refuses options of train for another command, and seeds that are none', () => {
    expect(() => described(['--command', 'solve', '--lr', '0.1', '--grid', 'noise=0.1'])).toThrow(
      /--lr of train have no part in solve/,
    );
    expect(() => described(['--seeds', '1-3'])).toThrow(UsageError);
  });

  it('knows every option of train that says something of a run', () => {
    const ofFile = new Set(['config']);
    const options = withTrainOptions(new Command()).options.map((option) => option.attributeName());
    expect(options.filter((name) => !ofFile.has(name) && !trainOptionSettings.has(name))).toEqual([]);
  });

  it.each([
    [
      '--model mlp:7 --activation tanh --no-bias --loss squared-error --init he-normal --dtype f64 --threads 2 --seed 3',
    ],
    ['--samples 50 --subset random --classes 0,1,7 --random-labels --pixels standardised --parameters dense1,!*.bias'],
    ['--optimizer adamw --weight-decay 0.1 --lr 0.2 --batch all --steps 9 --measure-every log --subspace 2 --top 4'],
    ['--schedule cosine:50,1e-4 --lr 0.2 --warmup 5'],
    ['--lr 0.2 --schedule step:0.5,10'],
    ['--follow bulk --follow-from 5 --follow-switch 0.9 --refresh 3 --tolerance 0.01 --basis 40 --effort 2'],
    ['--accuracy 0.01 --window 4 --updates 3 --noise-null 6 --optimizer momentum --momentum 0.3 --measure-every 2'],
    ['--model softmax --backend plain'],
  ])('means what train does: %s', async (text) => {
    const args = text.split(' ');
    const command = quiet(withTrainOptions(new Command())).parse(args, { from: 'user' });
    const config = { ...trainConfigOf(command.opts()), keepWeights: 'last' };
    const { runs } = await planSweep(described([...args, '--grid', 'window.every=10']));
    expect((runs[0]!.config as TrainPoint).config).toEqual(config);
  });
});
