import { UsageError } from '../errors.js';
import type { Experiment } from './experiment.js';

/**
 * The experiments with the claims and figures that names select: all those whose id, or whose experiment's id, begins with one of them. Nothing
 * named: everything. Throws UsageError for a name that selects nothing.
 */
export function selected(experiments: readonly Experiment[], names: readonly string[] | undefined): Experiment[] {
  if (names === undefined) return [...experiments];
  const used = new Set<string>();
  const begins = (id: string): boolean => {
    const matching = names.filter((name) => name !== '' && id.startsWith(name));
    for (const name of matching) used.add(name);
    return matching.length > 0;
  };
  const chosen = experiments.flatMap((experiment) => {
    if (begins(experiment.id)) return [experiment];
    const claims = experiment.claims.filter(({ id }) => begins(id));
    const figures = (experiment.figures ?? []).filter(({ id }) => begins(id));
    return claims.length + figures.length === 0 ? [] : [{ ...experiment, claims, figures }];
  });
  const unused = names.find((name) => !used.has(name));
  if (unused !== undefined) {
    throw new UsageError(
      `no experiment begins with '${unused}'; there are ${experiments.map(({ id }) => id).join(', ')}, for example --only ${experiments[0]?.id ?? 'table1'}`,
    );
  }
  return chosen;
}
