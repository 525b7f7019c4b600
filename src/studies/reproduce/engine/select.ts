import { UsageError } from '../../../errors.js';
import type { Experiment } from './experiment.js';

/**
 * The experiments with the claims and figures that names select: all those whose id, or whose experiment's id, begins with one of them. Nothing
 * named: everything. Throws UsageError for a name that selects nothing.
 */
export function selected(experiments: readonly Experiment[], names: readonly string[] | undefined): Experiment[] {
  if (names === undefined) return [...experiments];
  const begins = (id: string): boolean => names.some((name) => name !== '' && id.startsWith(name));
  const parts = ({ claims, figures }: Experiment): readonly { readonly id: string }[] => [...claims, ...figures];
  const ids = experiments.flatMap((experiment) => [experiment, ...parts(experiment)].map(({ id }) => id));
  const unused = names.find((name) => name === '' || !ids.some((id) => id.startsWith(name)));
  if (unused !== undefined) {
    throw new UsageError(
      `no experiment begins with '${unused}'; there are ${experiments.map(({ id }) => id).join(', ')}, for example --only ${experiments[0]?.id ?? 'table1'}`,
    );
  }
  return experiments.flatMap((experiment) => {
    if (begins(experiment.id)) return [experiment];
    const claims = experiment.claims.filter(({ id }) => begins(id));
    const figures = experiment.figures.filter(({ id }) => begins(id));
    return claims.length + figures.length === 0 ? [] : [{ ...experiment, claims, figures }];
  });
}
