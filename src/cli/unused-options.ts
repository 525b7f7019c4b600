import type { Command } from 'commander';
import { UsageError } from '../errors.js';

/** Options, by their names in the code, that would change nothing, and why. */
export interface UnusedOptions {
  readonly when: boolean;
  readonly options: readonly string[];
  readonly why: string;
}

/** Throws UsageError naming the options that were typed and would change nothing: a result never says that they had a part in it. */
export function refuseUnused(command: Command, rules: readonly UnusedOptions[]): void {
  for (const { when, options, why } of rules) {
    const typed = command.options.filter((option) => {
      const name = option.attributeName();
      return when && options.includes(name) && command.getOptionValueSource(name) === 'cli';
    });
    const names = typed.map(({ long, flags }) => long ?? flags).join(', ');
    if (names !== '') throw new UsageError(`${why}: leave out ${names}, which would change nothing`);
  }
}
