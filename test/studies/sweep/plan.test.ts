import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../src/errors.js';
import type { SweepDescription } from '../../../src/studies/sweep/description.js';
import { sweepJsonSchema } from '../../../src/studies/sweep/json-schema.js';
import { planSweep } from '../../../src/studies/sweep/plan.js';
import type { TrainPoint } from '../../../src/studies/sweep/commands/train-point.js';
import { trainDefaults } from '../../../src/train/train-config.js';

const folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const mixture = { data: { source: 'mixture:3,10,0.3,100' } };
const points = async (description: SweepDescription) => (await planSweep(description)).runs.map(({ point }) => point);
const configs = async (description: SweepDescription) =>
  (await planSweep(description)).runs.map(({ config }) => (config as TrainPoint).config);
const refusal = async (description: unknown): Promise<string> => {
  const error: unknown = await planSweep(description as SweepDescription).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
};

describe('a planned sweep', () => {
  it('is the product of its entries and the seeds, the last fastest', async () => {
    const found = await points({
      base: mixture,
      grid: [{ batch: [16, 'all'] }, { zip: { lr: [0.05, 0.1], steps: [20, 10] } }],
      seeds: '1..2',
    });
    expect(found).toEqual(
      [16, null].flatMap((batch) =>
        [
          { lr: 0.05, steps: 20 },
          { lr: 0.1, steps: 10 },
        ].flatMap((both) => [1, 2].map((seed) => ({ batch, ...both, seed }))),
      ),
    );
  });

  it('puts each setting where its option does, the rest at the defaults of train', async () => {
    const [config] = await configs({
      base: { ...mixture, optimizer: 'momentum', followFrom: 3, follow: { direction: 'dominant' } },
      grid: [
        { momentum: [0.5] },
        { lr: [0.02] },
        { dtype: ['f64'] },
        { 'window.length': [7] },
        { 'measure-every': [5] },
      ],
    });
    expect(config).toEqual({
      ...trainDefaults,
      keepWeights: 'last',
      data: { ...trainDefaults.data, source: 'mixture:3,10,0.3,100' },
      optimizer: { kind: 'momentum', momentum: 0.5 },
      schedule: { kind: 'constant', rate: 0.02 },
      follow: { ...trainDefaults.follow, direction: 'dominant', from: 3 },
      window: { ...trainDefaults.window, length: 7 },
      precision: 'f64',
      measureEvery: 5,
    });
  });

  it('fills variables into the texts of the base, also where a setting is called so', async () => {
    const found = await configs({
      base: { data: { source: 'mixture:{classes},10,{noise},{seed}00' } },
      grid: [{ classes: [2, 3] }, { noise: [0.1] }],
      seeds: [1, 2],
    });
    expect(found.map(({ data }) => data.source)).toEqual([
      ...['mixture:2,10,0.1,100', 'mixture:2,10,0.1,200', 'mixture:3,10,0.1,100', 'mixture:3,10,0.1,200'],
    ]);
  });

  it('takes from the base what a point of a list leaves out, and makes one run of equal ones', async () => {
    const { runs } = await planSweep({
      base: { ...mixture, lr: 0.3 },
      grid: [{ list: [{ lr: 0.3 }, { batch: 8 }, { batch: 64 }] }],
    });
    expect(runs.map(({ point }) => point)).toEqual([
      { lr: 0.3, batch: 64, seed: 1 },
      { lr: 0.3, batch: 8, seed: 1 },
    ]);
    expect(new Set(runs.map(({ job }) => job.key)).size).toBe(2);
  });

  it.each([
    ['run', /results\.csv has a column 'run'/],
    ['step', /'step' tells the rows of a run of train apart/],
    ['loss.mean', /summary\.csv has a column 'loss\.mean'/],
    ['value', /differences\.csv has a column 'value'/],
    ['machine', /runs\.csv has a column 'machine'/],
  ])('refuses a variable that is called as a column of the tables is: %s', async (name, message) => {
    const base = { data: `mixture:{${name}},9,0.1,100` };
    expect(await refusal({ base, grid: [{ [name]: [3, 4] }], seeds: [1, 2] })).toMatch(message);
  });

  it('refuses two runs that tables could not tell apart, and takes equal ones for one', async () => {
    const grid = [{ rho: [-0.5, '-0.5'] }];
    expect(await refusal({ command: 'boundary', base: { classes: 3 }, grid })).toMatch(/both be called rho = -0\.5/);
    const momentum = { kind: 'momentum', momentum: 0.5 };
    const list = [{ list: [{}, { optimizer: 'momentum' }] }];
    expect(await refusal({ base: { ...mixture, optimizer: momentum }, grid: list })).toMatch(/optimizer = momentum/);
    expect(await points({ base: { data: 'mixture:{k},9,0.1,100' }, grid: [{ k: [3, '3', 4] }] })).toEqual([
      { k: 3, seed: 1 },
      { k: 4, seed: 1 },
    ]);
  });

  it('leaves empty where a setting has none for all, and nowhere else', async () => {
    const [{ batch, keepWeights }] = (await points({
      base: mixture,
      grid: [{ batch: ['all'] }, { keepWeights: ['all'] }],
    })) as [Record<string, unknown>];
    expect({ batch, keepWeights }).toEqual({ batch: null, keepWeights: 'all' });
  });

  it('gives a run the same key in a wider grid, and another with anything else', async () => {
    const keys = async (description: SweepDescription) => (await planSweep(description)).runs.map(({ job }) => job.key);
    const narrow = await keys({ base: mixture, grid: [{ batch: [8] }] });
    expect(await keys({ base: mixture, grid: [{ batch: [4, 8] }, { lr: [0.1, 0.2] }], seeds: [2, 1] })).toContain(
      narrow[0],
    );
    expect(await keys({ base: { ...mixture, top: 4 }, grid: [{ batch: [8] }] })).not.toEqual(narrow);
  });

  it('names a run by the bytes that it reads', async () => {
    const file = join(folder, 'data.csv');
    const key = async (text: string): Promise<string> => {
      writeFileSync(file, text);
      return (await planSweep({ base: { data: `csv:${file}` }, grid: [{ batch: [2] }] })).runs[0]!.job.key;
    };
    const first = await key('1,2,0\n2,1,1\n0,1,0\n');
    expect(await key('1,2,0\n2,1,1\n0,1,1\n\n')).not.toBe(first);
    expect(await key('1,2,0\n2,1,1\n0,1,0\n')).toBe(first);
    await expect(planSweep({ base: { data: 'csv:none.csv' }, grid: [{ batch: [2] }] })).rejects.toThrow(DataError);
  });

  it('estimates more memory and time for more', async () => {
    const { runs } = await planSweep({
      base: { model: 'mlp:50', data: 'mixture:3,100,0.3,1000' },
      grid: [{ list: [{ steps: 10 }, { steps: 1000 }, { steps: 10, top: 200 }] }],
    });
    const [few, long, many] = runs.map(({ job }) => job);
    expect(long!.seconds).toBeGreaterThan(few!.seconds);
    expect(many!.memory).toBeGreaterThan(1.01 * few!.memory);
    expect(few!.memory).toBeGreaterThan(1e8);
  });

  it.each<[unknown, RegExp]>([
    [{ grid: [{ btach: [1] }] }, /no setting 'btach'.*did you mean batch\?.* legal are /],
    [{ grid: [] }, /at least one axis, or seeds/],
    [{ grid: [{ batch: [] }] }, /an axis has at least one value/],
    [{ grid: [{}] }, /is one axis, received none/],
    [{ grid: [{ list: [] }] }, /an entry is .*\(received \{"list":\[\]\}\)/],
    [{ grid: [{ zip: {} }] }, /a zip of the grid has no axis/],
    [{ grid: [{ lr: [1], batch: [1] }] }, /is one axis, received lr, batch/],
    [{ grid: [{ lr: [1] }, { lr: [2] }] }, /lr occurs twice/],
    [{ grid: [{ lr: [1] }, { 'schedule.rate': [2] }] }, /lr and schedule.rate are the same setting/],
    [{ grid: [{ batch: [4, 4] }] }, /batch = 4 twice/],
    [{ grid: [{ zip: { lr: [1, 2], steps: [3] } }] }, /lr with 2, steps with 1/],
    [{ grid: [{ batch: ['x'] }] }, /batch = x: .*batch: .*expected number/],
    [{ grid: [{ lr: [0.1, -1] }] }, /lr = -1: .*schedule.rate/],
    [
      { grid: [{ model: ['softmax', 'mlp:5'] }, { activation: ['tanh'] }] },
      /model = softmax, activation = tanh: .*would change nothing/,
    ],
    [
      { base: { data: { source: 'mixture:{k},9,0.1,100' } }, grid: [{ batch: [4] }] },
      /uses \{k\}, and there is no axis k/,
    ],
    [{ base: mixture, grid: [{ list: [{ w: 1 }] }] }, /no setting 'w'/],
    [{ base: { btach: 3 }, grid: [{ lr: [1] }] }, /btach/],
    [{ grid: [{ seed: [1, 2] }] }, /seeds are no axis/],
    [{ seeds: [] }, /seeds: Too small: expected array to have >=1 items/],
    [{ seeds: [1, 1] }, /seed 1 occurs twice/],
    [{ seeds: [-1] }, /seeds/],
    [{ seeds: '3..1' }, /FIRST ≤ LAST/],
    [{ base: { seed: 1 }, seeds: '1..3' }, /leave out one/],
    [{ seeds: '1..1000001' }, /at most 1000000/],
    [
      { grid: [{ lr: Array.from({ length: 1001 }, (_, i) => i + 1) }], seeds: '1..1000' },
      /at most 1000000 runs, received 1001000/,
    ],
    [{ command: 'spectrum', seeds: '1..2' }, /no sweeps of 'spectrum'; legal are train, solve/],
    [{ command: 'boundary', seeds: '1..2' }, /boundary draws nothing/],
    [{ command: 'solve', grid: [{ noise: [0.3] }], seeds: '1..2' }, /leave out seed, which would change nothing/],
    [{ command: 'solve', grid: [{ noise: [11] }] }, /noise = 11: .*<=10/],
    [{ command: 'solve', grid: [{ classes: [51] }] }, /classes = 51: dim must be/],
    [{ command: 'solve', grid: [{ init: ['nought'] }] }, /init: it must be 'zero' or random:SCALE/],
    [{ command: 'simulate', grid: [{ method: ['gd'] }, { batch: [5] }] }, /gd is exact/],
    [{ colour: 1 }, /colour/],
    [{ command: 'solve', grid: [{ times: [1, '3,4,3'] }] }, /times = 3,4,3: times has 3 twice; give each value once/],
    [{ command: 'compare', grid: [{ times: ['4,1'] }] }, /times = 4,1: times must ascend/],
    [{ seeds: '1-3' }, /a range of seeds is FIRST..LAST, such as 1..3 \(received "1-3"\)/],
    [{ grid: [{ lr: [NaN] }] }, /received \{"lr":\["NaN"\]\}/],
    [{ base: { data: 'mixture:{seed},9,0.1,100' }, grid: [{ seed: [3, 4] }] }, /seeds are no axis/],
    [{ base: { data: 'mixture:{seed},9,0.1,100' }, grid: [{ seed: [3] }], seeds: [3] }, /seeds are no axis/],
    [JSON.parse('{"grid":[{"zip":{"__proto__":[1],"lr":[1]}}]}'), /key '__proto__'/],
    [JSON.parse('{"base":{"__proto__":{"model":"softmax"}},"grid":[{"lr":[1]}]}'), /key '__proto__'/],
    [JSON.parse('{"__proto__":{"seeds":[1,2]},"grid":[{"lr":[1]}]}'), /key '__proto__'/],
  ])('refuses what is not legal: %#', async (description, message) => {
    expect(
      await refusal({ ...('command' in (description as object) ? {} : { base: mixture }), ...(description as object) }),
    ).toMatch(message);
  });

  it('has a JSON Schema with the settings of each command', () => {
    const { allOf, properties } = sweepJsonSchema() as {
      readonly allOf: readonly {
        readonly then: { readonly properties: { readonly base: { readonly properties: object } } };
      }[];
      readonly properties: { readonly command: { readonly enum: readonly string[] } };
    };
    expect(properties.command.enum).toEqual(['train', 'solve', 'boundary', 'response', 'simulate', 'compare']);
    const keys = allOf.map(({ then }) => Object.keys(then.properties.base.properties));
    expect(keys[0]).toEqual(expect.arrayContaining(['schedule', 'lr', 'initFrom']));
    expect(keys[2]).toEqual(['classes', 'noise', 'rho']);
  });
});
