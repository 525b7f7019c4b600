import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Folder {
  readonly name: string;
  readonly purpose: string;
  readonly mayImport: readonly string[];
  /** Files that may use node: modules. */
  readonly usesNode: readonly string[];
}

const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

/** The table of src/README.md. */
const folders: readonly Folder[] = readFileSync('src/README.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [name, purpose, mayImport, usesNode] = line.split('|').slice(1, -1) as [string, string, string, string];
    const own = names(name)[0]!;
    return {
      name: own,
      purpose: purpose.trim(),
      mayImport: names(mayImport),
      usesNode: usesNode.trim() === 'all' ? [own] : names(usesNode),
    };
  });

const files = ['src', 'theory', 'figures', 'web'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, name)),
);

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => match[1]!);

/** 'src/exact/noisy/x.ts' → 'exact/noisy/x', 'theory/x.ts' → 'theory/x'. */
const place = (file: string): string => file.replace(/^src\//, '').replace(/\.[jt]s$/, '');
const isIn = (where: string, part: string): boolean => where === part || where.startsWith(`${part}/`);
const folderOf = (file: string): Folder | undefined => folders.find(({ name }) => isIn(place(file), name));
/** The files beside src/README.md: what everybody may import, and the package's entry points, which nothing here imports. */
const isShared = (file: string): boolean => /^src\/(errors|registry|version)\.ts$/.test(file);
const isEntry = (file: string): boolean => /^src\/[^/]+\.ts$/.test(file);

const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({ file, target: normalize(join(dirname(file), target)).replace(/\.js$/, '.ts') })),
);

describe('the architecture', () => {
  it('has a line for every folder that holds files, and says what each is', () => {
    expect(files.filter((file) => !isEntry(file) && folderOf(file) === undefined)).toEqual([]);
    expect(folders.filter(({ name }) => !files.some((file) => isIn(place(file), name)))).toEqual([]);
    expect(folders.filter(({ purpose }) => purpose.length < 10)).toEqual([]);
  });

  it('lets each folder import only what its line names', () => {
    const broken = edges.filter(({ file, target }) => {
      const from = folderOf(file);
      if (from === undefined || isShared(target) || from === folderOf(target)) return false;
      return !from.mayImport.some((part) => isIn(place(target), part));
    });
    expect(broken).toEqual([]);
  });

  it('names nothing that no file needs', () => {
    const used = folders.map(({ name, mayImport }) => ({
      name,
      unused: mayImport.filter(
        (part) => !edges.some(({ file, target }) => folderOf(file)?.name === name && isIn(place(target), part)),
      ),
    }));
    expect(used.filter(({ unused }) => unused.length > 0)).toEqual([]);
  });

  it('keeps theory from sharing formula code with the model: only laws.ts imports it', () => {
    const isError = (file: string): boolean => file === 'src/errors.ts'; // no formula: it imports nothing
    expect(edges.filter(({ file }) => isError(file))).toEqual([]);
    const importers = edges.filter(
      ({ file, target }) => isIn(place(file), 'theory') && !isIn(place(target), 'theory') && !isError(target),
    );
    expect([...new Set(importers.map(({ file }) => file))]).toEqual(['theory/laws.ts']);
  });

  it('keeps what is compared apart: exact values know no network, measured values no closed form', () => {
    const exact =
      /^studies\/(compare\/(exact-values|prior-response|wrong-theories|sgd-noise-values)|ladder\/reference)$/;
    const measured =
      /^studies\/(compare\/(controls|held-out-lattice|measured-values|replica|sgd-noise-runs|softmax-network)|ladder\/trained-path)$/;
    const sides = edges.filter(({ file }) => exact.test(place(file)) || measured.test(place(file)));
    expect(new Set(sides.map(({ file }) => file)).size).toBe(12);
    const crossing = sides.filter(({ file, target }) =>
      (exact.test(place(file)) ? ['tensor', 'loss', 'train'] : ['exact', 'studies/simulate']).some((part) =>
        isIn(place(target), part),
      ),
    );
    expect(crossing).toEqual([]);
  });

  it('keeps what is simulated apart from what is predicted of it: they share the names of sectors alone', () => {
    const predicted = /^studies\/simulate\/(line-blocks|noise-recursion|predicted-run)$/;
    const simulated =
      /^studies\/simulate\/(fresh-gradient|line-path|live-runs|population-loss|reduced-population|run-record|sector-energies|sgd-path|softmax-moments)$/;
    const sides = edges.filter(({ file }) => predicted.test(place(file)) || simulated.test(place(file)));
    expect(new Set(sides.map(({ file }) => file)).size).toBe(12);
    const crossing = sides.filter(({ file, target }) =>
      predicted.test(place(file))
        ? ['exact/population', 'data', 'loss', 'train'].some((part) => isIn(place(target), part))
        : isIn(place(target), 'exact') && !/^exact\/(population\/|noisy\/sectors$)/.test(place(target)),
    );
    expect(crossing).toEqual([]);
  });

  it('keeps experiments apart: what two of them need is shared by name', () => {
    const experimentOf = (file: string): string | undefined =>
      /^studies\/reproduce\/experiments\/([^/]+)\//.exec(place(file))?.[1];
    expect(new Set(files.map(experimentOf)).size).toBeGreaterThan(10);
    const crossing = edges.filter(({ file, target }) => {
      const [from, to] = [experimentOf(file), experimentOf(target)];
      return from !== undefined && to !== undefined && from !== to;
    });
    expect(crossing).toEqual([]);
  });

  it('uses node: only where files, processes or pictures are handled, so that the rest runs in a browser', () => {
    const users = files.filter((file) => importsOf(file).some((target) => target.startsWith('node:')));
    expect(users.length).toBeGreaterThan(10);
    const illegal = users.filter((file) => !folderOf(file)?.usesNode.some((part) => isIn(place(file), part)));
    expect(illegal).toEqual([]);
  });

  it('has one loop of gradient steps: nothing but descent.ts steps an optimizer', () => {
    const steppers = files.filter((file) => /\boptimizerStep(<[^>]*>)?\(/.test(readFileSync(file, 'utf8')));
    expect(steppers.filter((file) => file !== 'src/train/optimizer.ts')).toEqual(['src/train/descent.ts']);
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
    expect(
      edges.every(
        ({ target }) =>
          files.includes(target) || target.endsWith('.json') || (target.endsWith('.css') && existsSync(target)),
      ),
    ).toBe(true);
  });
});
