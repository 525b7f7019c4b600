import type { CompareCell, CompareDocument, ComparedObservable, WrongTheory } from '../studies/compare/index.js';
import { short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';

export function printComparison(
  { settings, tests, cells, rejectedWrongTheory, ok }: CompareDocument,
  verbose: boolean,
): void {
  const noiseless = cells.filter(({ noise }) => noise === 0);
  const noisy = cells.filter(({ noise }) => noise > 0);
  if (noiseless.length > 0) printNoiseless(noiseless);
  if (noisy.length > 0) {
    if (noiseless.length > 0) printLine();
    printNoisy(noisy, settings.significance, tests);
  }
  for (const cell of verbose ? cells : []) printRows(cell);
  printLine();
  const differing = cells.filter((cell) => !cell.ok).map(({ classes, noise }) => `k = ${classes}, σ = ${noise}`);
  printLine(
    differing.length === 0 ? 'Theory and networks agree in every cell.' : `THEY DIFFER at ${differing.join('; ')}.`,
  );
  if (rejectedWrongTheory !== null) {
    const off = `Theories with σ, the weights or the bulk level off by ${short(100 * settings.wrongBy)} %, or a prior by ${short(300 * settings.wrongBy)} %,`;
    printLine(
      rejectedWrongTheory
        ? `${off} are rejected in every cell with noise.`
        : `${off} are NOT REJECTED everywhere: more --replicas or --samples are needed.`,
    );
  }
  if (!ok) printLine('With --verbose every row is shown.');
}

function printNoiseless(cells: readonly CompareCell[]): void {
  printLine('Without noise: step error ∝ η^slope, and what is left after extrapolation to η = 0');
  printLine();
  printTable(
    [
      'k',
      'rows',
      'slopes',
      'extrapolated',
      'step error, finest η',
      'largest |measured − exact|',
      'worst, of its bound',
      'agree',
    ],
    cells.map(({ classes, observables, order, ok }) => {
      const worst = observables.reduce((most, r) => (errorOf(r) / r.bound! > errorOf(most) / most.bound! ? r : most));
      const largest = observables.reduce((most, r) => Math.max(most, errorOf(r)), 0);
      return [
        String(classes),
        String(observables.length),
        range(order.map(({ slope }) => slope)),
        range(order.map(({ extrapolatedSlope }) => extrapolatedSlope)),
        short(Math.max(...order.map(({ errors }) => errors[0]!)), 2),
        short(largest, 2),
        short(errorOf(worst) / worst.bound!, 2),
        ok ? 'yes' : 'NO',
      ];
    }),
  );
}

/** As the names of wrong theories begin. */
const wrong = ['σ', 'weights', 'bulk level', 'prior'] as const;

function printNoisy(cells: readonly CompareCell[], significance: number, tests: number): void {
  printLine(
    `With noise: z-scores, by control variates; the table of ${tests} tests is held at a level of ${short(100 * significance)} % (Bonferroni, Student t).`,
  );
  printLine(
    'Right of them the |z| against which theories are rejected that are wrong in one thing, too large or too small, the smaller one.',
  );
  printLine();
  printTable(
    ['k', 'σ', 'n', 'replicas', 'tested', 'largest |z|', 'rms z', 'critical', ...wrong, 'agree'],
    cells.map((cell) => {
      const tested = cell.observables.filter((r) => r.tested);
      return [
        String(cell.classes),
        String(cell.noise),
        String(cell.samples),
        String(cell.replicas),
        `${tested.length} of ${cell.observables.length}`,
        Math.abs(cell.largestZ!).toFixed(2),
        Math.sqrt(tested.reduce((sum, { z }) => sum + z! ** 2, 0) / tested.length).toFixed(2),
        cell.criticalZ!.toFixed(2),
        ...wrong.map((name) => weakest(cell.wrongTheories.filter(({ theory }) => theory.startsWith(name)))),
        cell.ok ? 'yes' : 'NO',
      ];
    }),
  );
}

/** The rejection with the least |z|; none where there is no such level. */
function weakest(theories: readonly WrongTheory[]): string {
  if (theories.length === 0) return '–';
  const z = Math.min(...theories.map(({ largest }) => Math.abs(largest.z)));
  return `${z.toFixed(1)}${theories.every(({ rejected }) => rejected) ? '' : ' NOT REJECTED'}`;
}

function printRows({ classes, noise, observables, order }: CompareCell): void {
  printLine();
  printLine(`k = ${classes}, σ = ${noise}`);
  printLine();
  printTable(
    noise === 0
      ? ['method', 'W(0)', 't', 'observable', 'exact', 'measured', 'difference', 'allowed', '']
      : ['method', 't', 'observable', 'exact', 'measured', 'error bar', 'without controls', 'z', 'remainder', ''],
    observables.map((r) =>
      noise === 0
        ? [
            r.method,
            r.start === 'zero' ? '0' : `seed ${r.start}`,
            String(r.time),
            r.name,
            short(r.exact, 8),
            short(r.measured, 8),
            short(r.measured - r.exact, 2),
            short(r.bound!, 2),
            r.ok ? '' : 'DIFFERS',
          ]
        : [
            r.method,
            String(r.time),
            r.name,
            short(r.exact, 5),
            short(r.measured, 5),
            short(r.standardError!, 2),
            short(r.uncontrolledError!, 2),
            r.z!.toFixed(2),
            r.remainder!.toFixed(2),
            r.ok ? (r.tested ? '' : 'not tested') : 'DIFFERS',
          ],
    ),
  );
  if (order.length === 0) return;
  printLine();
  printTable(
    ['method', 'observable', ...order[0]!.steps.map((h) => `error, η = ${short(h)}`), 'slope', 'extrapolated'],
    order.map(({ name, method, errors, slope, extrapolatedSlope }) => [
      method,
      name,
      ...errors.map((e) => short(e, 3)),
      slope === null ? 'exact' : slope.toFixed(3),
      extrapolatedSlope === null ? '–' : extrapolatedSlope.toFixed(2),
    ]),
  );
}

function errorOf({ measured, exact }: ComparedObservable): number {
  return Math.abs(measured - exact);
}

function range(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? '–' : `${Math.min(...known).toFixed(3)}–${Math.max(...known).toFixed(3)}`;
}
