import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { operatorFamilies } from '../../../src/tensor/onnx/operators.js';
import { refusedFamilies } from '../../../src/tensor/onnx/refused.js';
import { hasTestData, kinds, outcomesOf, type Outcome } from './conformance.js';

const path = 'docs/operators.md';

/** Cells that only a run knows, by the first cell of their row: what the page says, until a run says it anew. */
function writtenCells(): Map<string, readonly string[]> {
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return new Map(
    rows.map((row) => {
      const [first, ...cells] = row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()) as [string, ...string[]];
      return [first, cells];
    }),
  );
}

const passed = ({ refusal, interpreted, compiled }: Outcome): boolean =>
  refusal === undefined && interpreted <= 1 && compiled <= 1;

const about: Readonly<Record<(typeof kinds)[number], string>> = {
  node: 'single operators',
  'pytorch-converted': 'layers, exported by PyTorch',
  'pytorch-operator': 'functions, exported by PyTorch',
  simple: 'small networks',
};

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, headings.map(() => '---'), ...rows].map(line).join('\n');

/** docs/operators.md: what the registry says of itself, with the counts of a run, or those that the page has. */
function page(outcomes: ReadonlyMap<string, readonly Outcome[]> | undefined): string {
  const written = outcomes === undefined ? writtenCells() : new Map<string, readonly string[]>();
  const all = [...(outcomes?.values() ?? [])].flat();
  const counted = (name: string, of: readonly Outcome[]): string =>
    outcomes === undefined
      ? (written.get(name)?.at(-1) ?? '')
      : of.length === 0
        ? '–'
        : `${of.filter(passed).length} of ${of.length}`;
  const ofOperator = (name: string): Outcome[] => all.filter(({ operators }) => operators.includes(name));
  const kindRows = kinds.map((kind) => {
    const of = outcomes?.get(kind) ?? [];
    const numbers =
      outcomes === undefined
        ? (written.get(`\`${kind}\``) ?? []).slice(1)
        : [of.filter(passed).length, of.filter(({ refusal }) => refusal === undefined).length, of.length].map(String);
    return [`\`${kind}\``, about[kind], ...numbers];
  });
  const families = operatorFamilies.flatMap(([family, operators]) => [
    `## ${family}`,
    table(
      ['operator', 'what it is', 'from version', 'refused', 'cases passed'],
      operators.map(({ name, help, since, limits = '–' }) => [
        `\`${name}\``,
        help,
        String(since ?? '–'),
        limits,
        counted(`\`${name}\``, ofOperator(name)),
      ]),
    ),
  ]);
  return [
    '# Operators of ONNX that are imported',
    'Made from the registry in `src/tensor/onnx/operators` and a run of the cases by `test/tensor/onnx/conformance.test.ts`, which holds it; ' +
      '`npx vitest run test/tensor/onnx/conformance.test.ts -u` renews it.',
    'Versions 13 to 21 of the operators are read. Any other operator, and what the column “refused” names, ends the import with an error that says which node it is and what could be done.',
    "The cases are those of ONNX's own backend test, as Debian's package `libonnx-testdata` has them: networks with inputs and the outputs that their authors expect, some in older versions. " +
      "Each case that is imported is run by the interpreter and by ONNX Runtime, and must give the expected outputs within the test's own tolerance (1e-3 of each number, and 1e-7).",
    table(['cases', 'what they are', 'passed', 'imported', 'all'], kindRows),
    ...families,
    '## Refused by name',
    table(
      ['operators', 'why, and what to do'],
      refusedFamilies.map(({ names, why }) => [names.map((name) => `\`${name}\``).join(', '), why]),
    ),
  ].join('\n\n');
}

const formatted = async (text: string): Promise<string> =>
  format(text, { ...(await resolveConfig(path)), parser: 'markdown' });

describe('the cases of ONNX', () => {
  it.skipIf(!hasTestData)(
    'give what is expected wherever they are imported, and the page says how many do',
    async () => {
      const runtime = await nativeRuntime();
      const outcomes = new Map<string, readonly Outcome[]>();
      for (const kind of kinds) outcomes.set(kind, await outcomesOf(kind, runtime));
      const all = [...outcomes.values()].flat();
      expect(all.filter((one) => one.refusal === undefined && !passed(one))).toEqual([]);
      expect(all.length).toBe(1072);
      expect(all.filter(passed).length).toBeGreaterThan(800);
      const isNamed = ({ name, refusal = '' }: Outcome): boolean => refusal.includes('node') || refusal.includes(name);
      expect(all.filter((one) => one.refusal !== undefined && !isNamed(one))).toEqual([]);
      await expect(await formatted(page(outcomes))).toMatchFileSnapshot(`../../../${path}`);
    },
  );

  it.skipIf(hasTestData)(
    'are not here (Debian: apt install libonnx-testdata); the page still says what the registry says',
    async () => {
      await expect(await formatted(page(undefined))).toMatchFileSnapshot(`../../../${path}`);
    },
  );
});

describe('docs/operators.md', () => {
  it('says what the registry says, whatever was run', async () => {
    expect(await formatted(page(undefined))).toBe(readFileSync(path, 'utf8'));
  });
});

describe('the registry of operators', () => {
  it('has each operator once, and imports none that it refuses', () => {
    const names = operatorFamilies.flatMap(([, operators]) => operators.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(refusedFamilies.flatMap((family) => family.names).filter((name) => names.includes(name))).toEqual([]);
  });
});
