import katex from 'katex';
import { create, all } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import { UsageError } from '../../../src/errors.js';
import { randomWeights, symmetricPointAtMargin, symmetricSnapshotAt } from '../../../src/exact/noiseless/index.js';
import {
  derivationFormats,
  derive,
  derivedQuantities,
  type Derivation,
  type DerivationRequest,
} from '../../../theory/derive/index.js';
import { captured } from '../../cli/captured.js';
import { latexValues, type Value } from './latex-value.js';
import { anyValues, classNumbersTo, hessianBlocks, lineValues } from './library-values.js';
import { python, pythonValues, type PythonCall } from './python-values.js';

const mathjs = create(all!, {});

/** One part of a derivation at one point, with what the library says of its names. */
interface Case {
  readonly title: string;
  readonly derivation: Derivation;
  readonly part: number;
  readonly given: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, Value>>;
}

const derived = new Map<string, Derivation>();
function known(request: DerivationRequest): Derivation {
  const key = JSON.stringify(request);
  derived.set(key, derived.get(key) ?? derive(request));
  return derived.get(key)!;
}

const casesOf = (
  derivation: Derivation,
  title: string,
  given: Readonly<Record<string, number>>,
  values: Readonly<Record<string, Readonly<Record<string, Value>>>>,
): Case[] =>
  derivation.parts.map(({ name }, part) => ({
    title: `${name}, ${title}`,
    derivation,
    part,
    given,
    expected: values[name]!,
  }));

const settings = [
  { alpha: 0.01, eta: 0.5, b: 16, y: 0.7, t: 0 },
  { alpha: 0.8, eta: 0.1, b: 64, y: -0.3, t: 0.02 },
  { alpha: 3, eta: 2, b: 1, y: 0.2, t: 40 },
  { alpha: 12, eta: 0.03, b: 8, y: 1, t: 1e6 },
];
const onLine = derivedQuantities.flatMap((of) =>
  [2, 3, 4, 5, 8].flatMap((classes) =>
    settings
      .slice(classes === 8 ? -1 : 0)
      .flatMap((given) =>
        casesOf(known({ of, classes }), `k = ${classes}, α = ${given.alpha}`, given, lineValues(classes, given)),
      ),
  ),
);
const anyClasses = derivedQuantities.flatMap((of) =>
  [3, 4, 10, 31].flatMap((k) =>
    settings
      .slice(1)
      .flatMap((given) =>
        casesOf(
          known({ of, classes: 'k' }),
          `any k at ${k}, α = ${given.alpha}`,
          { k, ...given },
          lineValues(k, given),
        ),
      ),
  ),
);
const anywhere = derivedQuantities.flatMap((of) =>
  [2, 3, 4, 5, 8].flatMap((k) =>
    (k === 8 ? [1] : [0, 1, 2, 3]).flatMap((seed) => {
      const logits = seed === 0 ? new Float64Array(k * k) : randomWeights(k, seed, seed);
      const y = -0.4 * (seed + 1); // below all roots
      const names = classNumbersTo(k).flatMap((c) =>
        classNumbersTo(k).map((a) => [`w_${c}${a}`, logits[(c - 1) * k + a - 1]!] as const),
      );
      return casesOf(
        known({ of, classes: k, at: 'any' }),
        `k = ${k}, ${seed === 0 ? 'logits 0' : `random logits ${seed}`}`,
        { ...Object.fromEntries(names), y },
        anyValues(k, logits, y),
      );
    }),
  ),
);
const cases = [...onLine, ...anyClasses, ...anywhere];

/** The text of one part as it is printed. */
const sections = ({ documents }: Derivation, format: 'latex' | 'mathjs'): string[] =>
  documents[format].trim().split(/\n\n/).slice(1);

function mathjsValues({ derivation, part, given }: Case): Record<string, Value> {
  const scope: Record<string, unknown> = { ...given };
  mathjs.evaluate(sections(derivation, 'mathjs')[part]!, scope);
  return Object.fromEntries(
    Object.entries(scope).map(([name, value]) => [name, (mathjs.isMatrix(value) ? value.toArray() : value) as Value]),
  );
}

function latexValuesOf({ derivation, part, given }: Case): Record<string, Value> {
  const { symbols } = derivation;
  const scope = symbols.flatMap(({ name, latex }) => (name in given ? [[latex, given[name]!] as const] : []));
  const values = latexValues(sections(derivation, 'latex')[part]!, new Map(scope));
  return Object.fromEntries(
    symbols.flatMap(({ name, latex }) => (values.has(latex) ? [[name, values.get(latex)!] as const] : [])),
  );
}

function pythonCall({ derivation, part, given }: Case): PythonCall {
  const k = derivation.classes;
  const { name, arguments: names } = derivation.parts[part]!;
  const w = k === 'k' ? [] : classNumbersTo(k).map((c) => classNumbersTo(k).map((a) => given[`w_${c}${a}`]!));
  return { module: derivation.documents.python, name, arguments: names.map((one) => (one === 'w' ? w : given[one]!)) };
}

/** The largest difference over the largest entry: 0/0 is agreement. */
function distance(value: Value, expected: Value): number {
  const [x, y] = [[value].flat(2), [expected].flat(2)];
  expect(x.length).toBe(y.length);
  const scale = Math.max(...y.map(Math.abs));
  const off = Math.max(...x.map((one, i) => Math.abs(one - y[i]!)));
  return off === 0 ? 0 : off / (scale || 1);
}

/** Everything that a part prints, against the library. */
function compare({ title, derivation, part, expected }: Case, values: Readonly<Record<string, Value>>): void {
  const names = derivation.parts[part]!.expressions.map(({ name }) => name);
  const found = { ...values, levels: [eigenvalues(names, values)] };
  const compared = Object.keys(expected).filter((name) => names.includes(name) || name === 'levels');
  for (const name of compared)
    expect(distance(found[name as 'levels'], expected[name]!), `${title}: ${name}`).toBeLessThanOrEqual(1e-12);
  // Eigenvectors have a test of their own; u, ω₀, …, Z_a, e_{m,a}, D_a, L_a and r_a are what others are made of.
  const apart = /^(E_\d|u|omega_\d|[ZDLr]_\d|e\d_\d|lambda_\d[pm]?)$/;
  expect(
    names.filter((name) => !compared.includes(name) && !apart.test(name)),
    title,
  ).toEqual([]);
}

const eigenvalues = (names: readonly string[], values: Readonly<Record<string, Value>>): number[] =>
  names
    .filter((name) => /^lambda_\d[pm]?$/.test(name))
    .map((name) => values[name] as number)
    .sort((x, y) => y - x);

describe('what derive prints has the values of the library', () => {
  it('has cases of everything', () => {
    expect(cases.length).toBeGreaterThan(200);
    expect(new Set(cases.map(({ derivation: { of, at } }) => `${of} ${at}`)).size).toBe(10);
  });

  it('evaluated by mathjs', () => {
    for (const one of cases) compare(one, mathjsValues(one));
  });

  it('read as LaTeX', () => {
    for (const one of cases) compare(one, latexValuesOf(one));
  });

  it.skipIf(python === undefined)(
    'run by Python, with its standard library alone (skipped where there is none)',
    () => {
      const values = pythonValues(cases.map(pythonCall));
      cases.forEach((one, i) => {
        compare(one, values[i]!);
      });
    },
  );

  it('eigenvectors are those of the library’s Hessian, orthogonal and all of them', () => {
    for (const { derivation, given, title, part } of onLine.filter(
      (one) => one.derivation.of === 'spectrum' && one.part === 0,
    )) {
      const k = derivation.classes as number;
      const values = mathjsValues({ derivation, given, title, part, expected: {} });
      const H = hessianBlocks(symmetricSnapshotAt(symmetricPointAtMargin(k, given.alpha!), k), k);
      const { lambda_1, lambda_2 } = values as Record<string, number>;
      for (const a of classNumbersTo(k)) {
        const E = values[`E_${a}`] as number[][];
        E.forEach((row, i) => {
          const level = i === 0 ? lambda_1! : i < k - 1 ? lambda_2! : 0;
          const image = H[`H_${a}`]!.map((h) => h.reduce((sum, x, j) => sum + x * row[j]!, 0));
          expect(Math.max(...image.map((x, j) => Math.abs(x - level * row[j]!)))).toBeLessThanOrEqual(
            1e-13 * lambda_1! * k,
          );
          for (const other of E.slice(0, i)) expect(row.reduce((sum, x, j) => sum + x * other[j]!, 0)).toBe(0);
        });
      }
    }
  });
});

describe('what derive prints', () => {
  it('is LaTeX that KaTeX takes at its strictest', () => {
    const printed = [...derived.values()].filter(
      ({ of, classes }) => [2, 3, 'k'].includes(classes) || of === 'hessian',
    );
    expect(printed.length).toBeGreaterThan(25);
    for (const section of printed.flatMap((derivation) => sections(derivation, 'latex')))
      expect(() =>
        katex.renderToString(section, {
          displayMode: true,
          strict: 'error',
          maxExpand: 1e6,
          macros: { '\\allowdisplaybreaks': '' },
        }),
      ).not.toThrow();
  });

  it('names every symbol once, with its meaning, and no two alike', () => {
    for (const { symbols, parts } of derived.values()) {
      for (const key of ['name', 'latex'] as const)
        expect(new Set(symbols.map((symbol) => symbol[key])).size).toBe(symbols.length);
      expect(symbols.every(({ meaning }) => meaning.length > 3)).toBe(true);
      const names = parts.flatMap(({ expressions }) => expressions.map(({ name }) => name));
      expect(names.filter((name) => !symbols.some((symbol) => symbol.name === name))).toEqual([]);
    }
  });

  it('reads as a paper would print it', () => {
    const lines = known({ of: 'spectrum', classes: 3 }).parts[0]!.expressions.map(({ latex }) => latex);
    expect(lines.slice(0, 4)).toEqual([
      'Z = e^{\\alpha} + 2',
      '\\varepsilon = \\frac{2}{Z}',
      '\\lambda_{1} = \\frac{\\varepsilon \\, \\left(1 - \\varepsilon\\right)}{2}',
      '\\lambda_{2} = \\frac{\\varepsilon}{6}',
    ]);
    expect(lines).toContain('\\lambda_{1} / \\lambda_{2} = 3 \\, \\left(1 - \\varepsilon\\right)');
    expect(known({ of: 'flow', classes: 'k' }).parts[0]!.expressions.map((one) => one.mathjs)).toEqual([
      'Z = exp(alpha) + k - 1',
      'epsilon = (k - 1) / Z',
      'dalpha_dt = epsilon / (k - 1)',
      't = expm1(alpha) + (k - 1) * alpha',
      'dL_dt = -epsilon^2 / (k - 1)',
    ]);
  });
});

describe('derive on the command line', () => {
  it.each(derivationFormats)('prints %s', async (format) => {
    const line = `derive --classes 4 --of flow --at any --format ${format}`;
    const { code, stdout, stderr } = await captured(() => runCli(line.split(' ')));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(known({ of: 'flow', classes: 4, at: 'any' }).documents[format]);
  });

  it('prints one JSON document with all of it', async () => {
    const { code, stdout } = await captured(() => runCli(['derive', '--classes', 'k', '--of', 'covariance', '--json']));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(known({ of: 'covariance', classes: 'k' }))));
  });

  it.each([
    ['--of entropy', 'Allowed choices are gradient, hessian, spectrum, flow, covariance'],
    ['--format maple', 'Allowed choices are latex, mathjs, python'],
    ['--at start', 'Allowed choices are line, any'],
    ['--classes 9', 'an integer from 2 to 8, or k'],
    ['--classes 1', 'an integer from 2 to 8, or k'],
    ['--classes 2.5', 'an integer from 2 to 8, or k'],
    ['--classes k --at any', 'give a number of classes from 2 to 8, or derive on the line'],
  ])('%s: exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await captured(() => runCli(['derive', ...args.split(' ')]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('as a function: UsageError', () => {
    const wrong = [
      { classes: 9, of: 'flow' },
      { classes: 1, of: 'flow' },
      { classes: 2.5, of: 'flow' },
      { classes: NaN, of: 'flow' },
      { classes: 'K', of: 'flow' },
      { classes: 'k', of: 'flow', at: 'any' },
      { classes: 3, of: 'entropy' },
      { classes: 3, of: 'flow', at: 'start' },
    ] as unknown as DerivationRequest[];
    for (const request of wrong) expect(() => derive(request)).toThrow(UsageError);
  });
});
