import { UsageError } from '../../../errors.js';
import { wordList } from '../../../registry.js';
import type { SweptCommand } from '../command.js';
import { boundarySwept } from './boundary.js';
import { compareSwept } from './compare.js';
import { responseSwept } from './response.js';
import { simulateSwept } from './simulate.js';
import { solveSwept } from './solve.js';
import { trainSwept } from './train.js';

/** The commands of which a sweep makes many runs: `train`, and those of the exact model. */
export const sweptCommands: readonly SweptCommand[] = [
  trainSwept,
  solveSwept,
  boundarySwept,
  responseSwept,
  simulateSwept,
  compareSwept,
];

/** The command of a name. Throws UsageError, naming all there are, where there is none. */
export function commandNamed(name: string, commands: readonly SweptCommand[]): SweptCommand {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `there are no sweeps of '${name}'; legal are ${wordList(commands.map((command) => command.name))}`,
  );
}
