import { shareOfTop, type MeanEnergies, type RelaxedEnergies, type SwitchedRule } from '../../quench/index.js';

/** Energies of the gradient after a switch, predicted and measured. */
export interface QuenchState {
  readonly step: number;
  /** Along each level of the top space, and in all of the rest. */
  readonly predicted: { readonly top: readonly number[]; readonly rest: number; readonly topFraction: number };
  /** Means over repeats; errors are their standard errors, null for one repeat. */
  readonly measured: {
    readonly top: readonly number[];
    readonly rest: number;
    readonly topFraction: number;
    readonly errors: { readonly whole: number; readonly rest: number; readonly topFraction: number } | null;
  };
}

/** What follows a switch. */
export interface QuenchPhase {
  readonly rule: SwitchedRule;
  readonly repeats: number;
  readonly states: readonly QuenchState[];
}

/** The states of one phase, in plain JSON. */
export function phaseOf(
  rule: SwitchedRule,
  repeats: number,
  predicted: readonly RelaxedEnergies[],
  found: readonly MeanEnergies[],
): QuenchPhase {
  return {
    rule,
    repeats,
    states: predicted.map(({ step, top, rest }, n) => {
      const { mean, errors, topError, topFraction } = found[n]!;
      return {
        step,
        predicted: { top, rest, topFraction: shareOfTop({ top, rest }) },
        measured: {
          top: mean.top,
          rest: mean.rest,
          topFraction: topFraction.value,
          errors: repeats < 2 ? null : { whole: topError, rest: errors.rest, topFraction: topFraction.standardError },
        },
      };
    }),
  };
}
