import type { SgdNoiseDocument } from '../studies/compare/index.js';
import { interval, short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';

export function printSgdNoise({ settings, tests, cells, rejectedWrongTheory, ok }: SgdNoiseDocument): void {
  const { learningRate, batch, runs, significance, steps } = settings;
  printLine(
    `Networks trained by SGD on fresh samples, η = ${learningRate}, batches of ${batch}, ${runs} runs from each start, against the exact noise of SGD to leading order in η/b.`,
  );
  printLine(
    `Squared gradient of the population, by its parts, over what is expected, mean over ${steps.length} steps up to ${steps.at(-1)!}; f_top and overlap there. ` +
      `${tests} tests at a level of ${short(100 * significance)} % (Bonferroni, Student t).`,
  );
  for (const { classes, dim, noise, start, rows, criticalZ, wrongTheories } of cells) {
    printLine();
    printLine(
      `k = ${classes}, d = ${dim}, σ = ${noise}, from ${start === 'zero' ? 'W = 0' : 'the Bayes classifier'}; critical |z| ${criticalZ.toFixed(2)}`,
    );
    printLine();
    printTable(
      ['', 'expected', 'measured', 'error bar', 'z', ''],
      rows.map(({ name, exact, measured, standardError, z, tested, ok: agrees }) => [
        name,
        interval(exact, 4),
        short(measured, 4),
        short(standardError, 2),
        z.toFixed(2),
        agrees ? (tested ? '' : 'not tested') : 'DIFFERS',
      ]),
    );
    printLine();
    printTable(
      ['theory that is off', 'largest |z|', 'in', ''],
      wrongTheories.map(({ theory, row, z, rejected }) => [
        theory,
        Math.abs(z).toFixed(1),
        row,
        rejected ? 'rejected' : 'NOT REJECTED',
      ]),
    );
  }
  printLine();
  printLine(cells.every((cell) => cell.ok) ? 'Theory and networks agree in every cell.' : 'THEY DIFFER.');
  if (!rejectedWrongTheory) printLine('Not every wrong theory is rejected: more --runs are needed.');
  else if (ok) printLine('Every theory that is off is rejected.');
}
