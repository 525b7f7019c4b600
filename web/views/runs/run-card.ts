import { knownTopFraction } from '../../../src/train/known-top-fraction.js';
import { element } from '../../core/element.js';
import { commandLine, evidence, shown, shownInterval } from '../../core/numbers.js';
import { commandOfRun } from './run-commands.js';
import type { ShownRun } from './shown-run.js';

/** A run in the list: what it is, whether it is intact, its numbers at the end, and the command that made it. */
export function runCard(shownRun: ShownRun, remove: () => void): HTMLElement {
  const { name, run, records, subspace, problems, notes } = shownRun;
  const button = element('button', { type: 'button', 'aria-label': `take ${name} away` }, 'take away');
  button.addEventListener('click', remove);
  return element(
    'article',
    { className: 'run', 'aria-label': name },
    element('h2', {}, name, ' ', button),
    element('p', { className: 'help' }, aboutRun(shownRun)),
    ...problems.slice(0, 8).map((text) => element('p', { className: 'problem', role: 'alert' }, text)),
    ...(notes.length === 0 ? [] : [element('p', { className: 'help' }, `${notes.join('. ')}.`)]),
    ...(run === null || records.length === 0
      ? []
      : [problems.length === 0 ? numbersOf(shownRun, subspace!) : commandLine(commandOfRun(shownRun))]),
  );
}

function aboutRun({ run, records, subspace }: ShownRun): string {
  const last = records.at(-1);
  const measured =
    last === undefined
      ? 'no records'
      : `${records.length} measurements to step ${last.step}${subspace === null ? '' : `, m = ${subspace}`}`;
  if (run === null) return measured;
  const { config, data, parameters, version, runtime } = run;
  return (
    `${config.model} on ${data.name}: ${data.samples} samples, ${parameters} parameters; ${config.optimizer.kind}, batch ${config.batch ?? 'all'}, η = ${config.schedule.rate}, ` +
    `seed ${config.seed}; ${measured}; written by version ${version}${runtime === null ? '' : ` with ${runtime}`}`
  );
}

/** What the command prints of a finished run. */
function numbersOf(run: ShownRun, m: number): HTMLElement {
  const last = run.records.at(-1)!;
  const at = `records[${run.records.length - 1}]`;
  const noise = last.noiseNull?.stationary;
  const isFinished = last.step === run.run!.config.steps;
  const known = knownTopFraction(last);
  const field = isFinished ? 'summary.finalTopFraction' : `${at}.topFraction`;
  return evidence(
    commandOfRun(run),
    element(
      'p',
      {},
      `At step ${last.step}: f_top(${m}) = `,
      shownInterval(
        isFinished || last.topFractionBounds === null ? known : last.topFractionBounds,
        isFinished || last.topFractionBounds === null ? field : `${at}.topFractionBounds`,
      ),
      ', loss ',
      shown(last.loss, `${at}.loss`),
      ', ‖g‖ ',
      shown(last.gradientNorm, `${at}.gradientNorm`),
      ', λ₁ ',
      shown(last.eigenvalues[0] ?? null, `${at}.eigenvalues[0]`),
      ', gap ',
      shown(last.topFraction.gap, `${at}.topFraction.gap`),
      ', overlap(g, Hg) ',
      shown(last.overlapGradientHessianGradient, `${at}.overlapGradientHessianGradient`),
      ...(noise === undefined || noise === null
        ? []
        : ['; stationary noise of SGD alone: ', shownInterval(noise, `${at}.noiseNull.stationary`)]),
      '. The command prints these again, and goes on with the run where it is not finished.',
    ),
  );
}
