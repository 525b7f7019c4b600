import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DataError } from '../../../src/errors.js';
import { randomStream } from '../../../src/numeric/random.js';
import { sweptCommand, type CommandSetting } from '../../../src/studies/sweep/command.js';
import { checkConfig } from '../../../src/train/check-config.js';

const schema = z.strictObject({
  x: z.number().default(0),
  y: z.number().default(0),
  seed: z.int().default(1),
  steps: z.int().min(0).default(2),
  /** Takes so many ms a step. */
  ms: z.number().default(0),
  /** Where it is y, the run fails. */
  failsAt: z.number().nullable().default(null),
  /** A path: the process of each run is killed once, which a file there remembers. */
  diesAt: z.string().nullable().default(null),
});
type ToyConfig = z.infer<typeof schema>;

const settings: ReadonlyMap<string, CommandSetting> = new Map(
  Object.keys(schema.shape).map((name) => [name, { path: name }]),
);

/** x + y + noise of the seed, at each step; it may take its time, fail, and die. */
export const toyCommand = sweptCommand<ToyConfig, { readonly values: readonly number[] }>({
  name: 'toy',
  settings,
  baseSchema: () => z.toJSONSchema(schema),
  configOf: (base, chosen) =>
    checkConfig<ToyConfig>(schema, {
      ...base,
      ...Object.fromEntries(chosen.map(({ path, value }) => [path, value])),
    }),
  cellOf: (config, path) => config[path as keyof ToyConfig],
  titleOf: ({ x, y, seed }) => `toy ${x} ${y} seed ${seed}`,
  inputsOf: () => ({}),
  estimate: () => Promise.resolve({ seconds: 0.01, memory: 1e6 }),
  work: {
    name: 'toy',
    revision: 1,
    keepsFolder: false,
    async run({ config: { x, y, seed, steps, ms, failsAt, diesAt } }, { signal, onProgress }) {
      if (y === failsAt) throw new DataError(`y is ${y}`);
      if (diesAt !== null && !existsSync(`${diesAt}-${x}-${y}-${seed}`)) {
        writeFileSync(`${diesAt}-${x}-${y}-${seed}`, '');
        process.kill(process.pid, 'SIGKILL');
      }
      const random = randomStream(seed, 'toy', x, y);
      const values: number[] = [];
      for (let step = 0; step < steps; step++) {
        if (ms > 0) await pause(ms);
        signal.throwIfAborted();
        values.push(x + y + random.uniform());
        onProgress(step / steps);
      }
      return { values };
    },
  },
  by: ['step'],
  shown: ['value'],
  columns: () => [
    { name: 'step', type: 'integer', meaning: 'the step' },
    { name: 'value', type: 'number', meaning: 'x + y + noise' },
  ],
  rows: ({ values }) => values.map((value, step) => ({ step, value })),
});

export const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\r\n');
