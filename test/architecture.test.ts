import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each layer may import besides itself. `errors` and `version` are for everybody. */
const allowed: Record<string, readonly string[]> = {
  numeric: [],
  autodiff: [],
  engine: ['autodiff', 'numeric/float-array'],
  data: ['numeric'],
  model: ['numeric', 'observe/snapshot', 'observe/spectrum'],
  noise: ['numeric', 'flow', 'model', 'observe/snapshot', 'observe/spectrum'],
  population: ['numeric'],
  dynamics: ['numeric', 'data', 'noise', 'observe', 'regression'],
  flow: ['numeric'],
  regression: ['numeric', 'data/features', 'observe/snapshot', 'observe/spectrum', 'observe/measured-spectrum'],
  network: [
    'numeric',
    'data',
    'autodiff',
    'engine',
    'observe/snapshot',
    'observe/spectrum',
    'observe/measured-spectrum',
  ],
  observe: ['numeric'],
  run: ['numeric', 'data', 'engine', 'network', 'regression', 'observe'],
  compare: ['model', 'noise', 'population', 'flow', 'numeric', 'data', 'network', 'engine', 'observe'],
  reproduce: ['numeric', 'data', 'engine', 'network', 'model', 'noise', 'observe', 'run', 'figures'],
  cli: [
    'compare',
    'numeric',
    'data',
    'engine',
    'network',
    'model',
    'noise',
    'dynamics',
    'flow',
    'regression',
    'observe',
    'run',
    'reproduce',
    'theory',
    'figures',
  ],
  theory: ['model', 'noise', 'population', 'numeric/dense-eigen', 'observe'],
  figures: ['numeric', 'data', 'model', 'noise', 'dynamics', 'flow', 'observe', 'run', 'compare/ladder-document'],
};
const mayUseNode = new Set(['data', 'run', 'reproduce', 'cli', 'figures']);
const mayUseNodeFiles = /^src\/data\/(cifar10|mnist|read-data-file)\.ts$/;

const files = ['src', 'theory', 'figures'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, name)),
);

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => match[1]!);

/** 'src/model/x.ts' → 'model/x', 'theory/x.ts' → 'theory/x'. */
const place = (file: string): string => file.replace(/^src\//, '').replace(/\.[jt]s$/, '');
const layerOf = (file: string): string => place(file).split('/')[0]!;

const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({ file, target: normalize(join(dirname(file), target)).replace(/\.js$/, '.ts') })),
);

describe('the architecture', () => {
  it('lets each layer import only the layers below it', () => {
    const broken = edges.filter(({ file, target }) => {
      const [from, to] = [layerOf(file), layerOf(target)];
      if (from === to || ['errors', 'version', 'index'].includes(to) || ['errors', 'version', 'index'].includes(from))
        return false;
      return !(allowed[from] ?? []).some((layer) => place(target) === layer || place(target).startsWith(`${layer}/`));
    });
    expect(broken).toEqual([]);
  });

  it('keeps theory from sharing formula code with the model: only laws.ts imports it', () => {
    const importers = edges.filter(({ file, target }) => layerOf(file) === 'theory' && layerOf(target) !== 'theory');
    expect([...new Set(importers.map(({ file }) => file))]).toEqual(['theory/laws.ts']);
  });

  it('keeps what is compared apart: exact values know no network, measured values no closed form', () => {
    const exact = /^compare\/(exact-values|prior-response|reference|wrong-theories)$/;
    const measured = /^compare\/(controls|measured-values|replica|softmax-network|trained-path)$/;
    const sides = edges.filter(({ file }) => exact.test(place(file)) || measured.test(place(file)));
    expect(new Set(sides.map(({ file }) => file)).size).toBe(9);
    const crossing = sides.filter(({ file, target }) =>
      (exact.test(place(file))
        ? ['network', 'engine', 'regression']
        : ['model', 'noise', 'population', 'flow']
      ).includes(layerOf(target)),
    );
    expect(crossing).toEqual([]);
  });

  it('uses node: only where files, processes or pictures are handled, so that the rest runs in a browser', () => {
    const users = files.filter((file) => importsOf(file).some((target) => target.startsWith('node:')));
    expect(users.filter((file) => !mayUseNode.has(layerOf(file)))).toEqual([]);
    expect(users.filter((file) => layerOf(file) === 'data' && !mayUseNodeFiles.test(file))).toEqual([]);
  });

  it('has no import cycles', () => {
    const next = new Map<string, string[]>();
    for (const { file, target } of edges) next.set(file, [...(next.get(file) ?? []), target]);
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, `cycle through ${file}`).not.toContain(file);
      if (done.has(file)) return;
      for (const target of next.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('reads the imports it judges', () => {
    expect(edges.length).toBeGreaterThan(100);
    expect(edges.every(({ target }) => files.includes(target) || target.endsWith('.json'))).toBe(true);
  });
});
