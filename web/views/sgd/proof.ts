import { element } from '../../core/element.js';
import { evidence, shown, shownInterval } from '../../core/numbers.js';
import type { ExpectedRun, LivePoint, Plan } from './messages.js';

/** The command whose one record is the state at a step; undefined where no command gives it. */
export function commandOf({ config, changes }: Plan, step: number): string | undefined {
  const { classes, dim, noise, margin, runs, seed } = config;
  const { method, learningRate, batch } = changes[0]!.setting;
  if (changes.length > 1 || (method !== 'gd' && classes > 4)) return undefined;
  const ends = `--margin ${margin} --lr ${learningRate} --steps ${step} --every ${step}`;
  const samples = method === 'gd' ? '' : ` --batch ${batch} --runs ${runs} --seed ${seed}`;
  return `simulate --classes ${classes} --dim ${dim} --noise ${noise} --method ${method} ${ends}${samples}`;
}

/** What the charts mark, with the commands that print it: where the flow leaves the top space, and the share of the noise alone at rest. */
export function lawsOf(
  { config: { classes, dim, noise }, changes }: Plan,
  { rest, boundary }: ExpectedRun,
): HTMLElement {
  const { learningRate, batch } = changes.at(-1)!.setting;
  const optimal = 1 / noise ** 2;
  return element(
    'div',
    {},
    ...(boundary === undefined
      ? []
      : [
          evidence(
            `boundary --classes ${classes} --noise ${noise}`,
            element('p', {}, 'The flow leaves the top space at the margin α_c = ', shown(boundary, 'marginCritical', 4), ', marked by a line of dots.'), // prettier-ignore
          ),
        ]),
    ...(rest === null
      ? []
      : [
          evidence(
            `solve --classes ${classes} --dim ${dim} --noise ${noise} --margin ${optimal} --sgd-noise ${learningRate}/${batch}`,
            element('p', {}, 'At rest at the optimal margin the noise alone has f_noise = ', shownInterval(rest, 'states[0].noise.topFraction.stationary', 4), '.'), // prettier-ignore
          ),
        ]),
  );
}

/** The numbers at the last step, with the command that prints the same; words where there is none. */
export function proofOf(plan: Plan, point: LivePoint, expected: ExpectedRun | undefined): HTMLElement {
  const command = commandOf(plan, point.step);
  if (command === undefined) {
    return element(
      'p',
      { className: 'help' },
      plan.changes.length > 1
        ? 'Settings were changed on the way: no single command makes this run. Begin anew to get one.'
        : 'No command measures runs on the population of more than four classes at this pace: these numbers are in the table of each chart only.',
    );
  }
  const { step, loss, gradient, topFraction, overlap, margin } = point;
  if (plan.changes[0]!.setting.method === 'gd') {
    return evidence(
      command,
      element('h3', {}, `At step ${step}, measured by quadrature; the command has the closed form`),
      element('p', {}, 'margin α ', shown(margin, 'records[1].margin', 4), ', loss ', shown(loss.mean, 'records[1].loss', 4)), // prettier-ignore
    );
  }
  const at = expected?.noisy.find((one) => one.step === step);
  if (at === undefined) return element('p', { className: 'help' }, expected?.why ?? '');
  const one = (value: number): { lower: number; upper: number } => ({ lower: value, upper: value });
  const share = { lower: at.top.lower / at.gradient, upper: at.top.upper / at.gradient };
  const rows = [
    ['loss', 0, loss, one(at.loss)],
    ['‖g‖²', 1, gradient, one(at.gradient)],
    [`f_top(${plan.config.classes})`, 2 + at.sectors, topFraction, share],
    ['overlap(g, Hg)', 3 + at.sectors, overlap, one(at.overlap)],
  ] as const;
  return evidence(
    command,
    element('h3', {}, `At step ${step}`),
    element(
      'div',
      { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': `numbers at step ${step}` },
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, ...['', 'measured', 'standard error', 'predicted'].map((name) => element('th', { scope: 'col' }, name)))), // prettier-ignore
        element(
          'tbody',
          {},
          ...rows.map(([name, place, { mean, standardError }, predicted]) => {
            const json = `records[0].quantities[${place}]`;
            return element(
              'tr',
              {},
              element('th', { scope: 'row' }, name),
              element('td', {}, shown(mean, `${json}.measured`)),
              element('td', {}, shown(standardError, `${json}.standardError`, 3)),
              element('td', {}, shownInterval(predicted, `${json}.predicted`)),
            );
          }),
        ),
      ),
    ),
  );
}
