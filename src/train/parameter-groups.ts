import { UsageError } from '../errors.js';
import { entriesOf, parametersOf, type ParameterLayout } from '../loss/parameters.js';
import { optimizerRule, type Optimizer, type Stretch } from './optimizer.js';

/** Parameters that take other steps than the rest, by the patterns of `parametersOf`. */
export interface ParameterGroup {
  readonly parameters: readonly string[];
  /** λ in place of that of the optimizer. */
  readonly weightDecay?: number;
  /** The learning rate is so many times that of the schedule. */
  readonly rate?: number;
}

/**
 * θ cut into stretches that are stepped alike, from its beginning to its end: of parameters in a group as this says, of all others as the optimizer
 * does. Undefined without groups. Throws UsageError for a group that names no parameter, a parameter in two of them, and a constant that the optimizer has not.
 */
export function stretchesOf(
  optimizer: Optimizer,
  groups: readonly ParameterGroup[] | undefined,
  layout: ParameterLayout,
): Stretch[] | undefined {
  if (groups === undefined) return undefined;
  const groupAt = new Map<number, ParameterGroup>();
  for (const group of groups) {
    checkConstants(optimizer, group);
    for (const place of parametersOf(layout, group.parameters)) {
      if (!groupAt.has(place)) {
        groupAt.set(place, group);
        continue;
      }
      const both = [groupAt.get(place)!, group].map(({ parameters }) => parameters.join(','));
      throw new UsageError(
        `${layout.specs[place]!.name} is in two groups, ${both.join(' and ')}: let one of them leave it out, with !${layout.specs[place]!.name}`,
      );
    }
  }
  return layout.specs.map(({ shape }, place) => {
    const { weightDecay, rate = 1 } = groupAt.get(place) ?? {};
    const start = layout.offsets[place]!;
    const constants = weightDecay === undefined ? {} : { weightDecay };
    return { start, end: start + entriesOf(shape), rate, constants };
  });
}

function checkConstants({ kind }: Optimizer, { parameters, weightDecay }: ParameterGroup): void {
  if (weightDecay === undefined || 'weightDecay' in optimizerRule(kind).constants) return;
  throw new UsageError(
    `the group ${parameters.join(',')} has a weightDecay, which is no constant of ${kind}: leave it out, or choose adamw`,
  );
}
