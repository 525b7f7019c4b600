import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { figurePrograms } from '../figures/programs.js';
import type { DataSet } from '../src/data/data-set.js';
import { dataSets } from '../src/data/data-source.js';
import { UsageError } from '../src/errors.js';
import { activations } from '../src/loss/network/activations.js';
import { architectures } from '../src/loss/network/architectures.js';
import { initialisations } from '../src/loss/network/initialisation.js';
import { layers } from '../src/loss/network/layers.js';
import { losses } from '../src/loss/network/losses.js';
import { alone, entryOf, wordList, patternOf, registry, type Entry, type WrittenEntry } from '../src/registry.js';
import { optimizers } from '../src/train/optimizer.js';
import type { UpdateRule } from '../src/train/optimizers/update-rule.js';
import { schedules } from '../src/train/schedule.js';

type Column<E> = readonly [heading: string, cell: (entry: E) => string];

const code = (text: string): string => `\`${text}\``;
const isSaid = (says: boolean): string => (says ? 'yes' : '–');

function table<E extends Entry>(title: string, about: string, entries: readonly E[], ...columns: Column<E>[]): string {
  const all: readonly Column<E>[] = [
    ...columns.slice(0, 1),
    ['what it is', ({ help }) => help],
    ...columns.slice(1),
    ...(entries.some(({ source }) => source !== undefined)
      ? [['from', ({ source = '' }) => source] satisfies Column<E>]
      : []),
  ];
  const rows = [
    all.map(([heading]) => heading),
    all.map(() => '---'),
    ...entries.map((e) => all.map(([, cell]) => cell(e))),
  ];
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return [`## ${title}`, about, lines.join('\n')].join('\n\n');
}

const writing: Column<WrittenEntry<unknown>> = [
  'written',
  (entry) => code(patternOf(entry)) + (entry.where === undefined ? '' : ` (${entry.where})`),
];
const naming: Column<Entry> = ['name', ({ name }) => code(name)];
const numbers = (of: object): string => Object.keys(of).map(code).join(', ');

/** docs/registries.md, from what the entries say of themselves. */
const page = [
  '# What there is by name',
  'Made from the registries by `test/registries.test.ts`, which holds it; `npx vitest run test/registries.test.ts -u` renews it. How to add an entry is in [extending.md](extending.md).',
  table(
    'Networks',
    'The `model` of a configuration, `--model`.',
    architectures.entries,
    writing,
    ['takes', ({ inputs }) => ({ any: 'any samples', images: 'images', tokens: 'token ids' })[inputs]],
    ['activation', ({ hasActivation }) => isSaid(hasActivation)],
    ['plain backend', ({ isSoftmaxRegression }) => isSaid(isSoftmaxRegression === true)],
    ['leaves out inputs that are always zero', ({ denseInput }) => isSaid(denseInput !== null)],
  ),
  table('Layers', 'For networks of your own, from `tiny-subspace/network`.', layers, [
    'called',
    ({ call }) => code(call),
  ]),
  table('Activations', '`activation`, `--activation`.', activations, naming),
  table('Losses', '`loss`, `--loss`; the sum over samples is taken.', losses, naming, [
    'targets',
    ({ targets }) => ({ classes: 'classes', any: 'classes (as unit vectors) or numbers', none: 'none' })[targets],
  ]),
  table(
    'Initialisations',
    '`initialisation`, `--init`: weights that are drawn independently; n is the fan-in of a layer, m its fan-out.',
    initialisations.entries,
    writing,
    ['draws biases', ({ drawsBiases = false }) => isSaid(drawsBiases)],
    ['embeddings', ({ embeddings }) => (embeddings === undefined ? 'as weights' : `normal, σ = ${embeddings}`)],
  ),
  table(
    'Data sets',
    '`data.source`, `--data`.',
    dataSets.entries as readonly DataSet[],
    writing,
    ['subsets, pixels, test split', ({ isSampled }) => isSaid(!isSampled)],
    ['where', (set) => (set.isSampled ? 'sampled' : `\`${set.folder}\``)],
    ['checksums', (set) => isSaid(!set.isSampled && 'checksums' in set)],
  ),
  table(
    'Optimisers',
    '`optimizer`, `--optimizer`: θ the parameters, g the gradient, η the learning rate.',
    optimizers as readonly unknown[] as readonly UpdateRule[],
    naming,
    [
      'constants',
      ({ constants }) =>
        Object.entries(constants)
          .map(([name, { standard }]) => `\`${name}\` = ${standard}`)
          .join(', '),
    ],
    ['keeps', ({ vectors }) => vectors.join(', ')],
  ),
  table('Schedules', '`schedule`: the learning rate at step t.', schedules, naming, [
    'numbers',
    (rule) => numbers(rule.numbers),
  ]),
  table(
    'Figures',
    '`figures --only`.',
    figurePrograms,
    naming,
    [
      'parameters',
      ({ defaults }) =>
        Object.entries(defaults)
          .map(([name, value]) => `\`--${name} ${value}\``)
          .join(' '),
    ],
    ['random', ({ isRandom }) => isSaid(isRandom)],
  ),
].join('\n\n');

describe('docs/registries.md', () => {
  it('says what the entries say', async () => {
    const options = await resolveConfig('docs/registries.md');
    await expect(await format(page, { ...options, parser: 'markdown' })).toMatchFileSnapshot('../docs/registries.md');
  });
});

describe('a registry', () => {
  const toys = registry<number, WrittenEntry<number>>(
    [
      { name: 'one', help: 'the number one', parse: alone(1) },
      {
        name: 'n',
        pattern: 'n:N',
        where: 'a digit',
        help: 'N',
        parse: (text = '') => (/^\d$/.test(text) ? Number(text) : undefined),
      },
    ],
    { unknown: (text) => `'${text}' is no toy`, example: 'n:5' },
  );

  it('reads what is written as an entry says', () => {
    expect(toys.read('one')).toEqual({ entry: toys.entries[0], value: 1 });
    expect(toys.read('n:7')).toEqual({ entry: toys.entries[1], value: 7 });
    expect(toys.patterns).toBe('one or n:N');
  });

  it.each(['two', 'one:1', 'n', 'n:', 'n:12', 'constructor', ''])('refuses %j, and says what is legal', (text) => {
    expect(() => toys.read(text)).toThrow(UsageError);
    expect(() => toys.read(text)).toThrow(`'${text}' is no toy; legal are one and n:N (a digit), for example n:5`);
  });

  it('finds entries that have a name alone', () => {
    expect(entryOf('toy', toys.entries, 'one').help).toBe('the number one');
    expect(() => entryOf('toy', toys.entries, 'toString')).toThrow("there is no toy 'toString'; legal are one and n");
    expect([wordList([]), wordList(['a']), wordList(['a', 'b', 'c'], 'or')]).toEqual(['', 'a', 'a, b or c']);
  });
});

describe('every registry', () => {
  const all: readonly (readonly [string, readonly Entry[]])[] = [
    ['networks', architectures.entries],
    ['layers', layers],
    ['activations', activations],
    ['losses', losses],
    ['initialisations', initialisations.entries],
    ['data sets', dataSets.entries],
    ['optimisers', optimizers],
    ['schedules', schedules],
    ['figures', figurePrograms],
  ];
  it.each(all)('%s: has each name once, one line for each, and a pattern that begins with the name', (_, entries) => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    for (const entry of entries) {
      expect(entry.help).toMatch(/^\S.*[^.\s]$/);
      if ('pattern' in entry) expect(entry.pattern).toMatch(new RegExp(`^${entry.name}\\W`));
    }
  });
});
