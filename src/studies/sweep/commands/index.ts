import { entryOf } from '../../../registry.js';
import type { SweptCommand } from '../command.js';
import { trainSwept } from './train.js';

/** The commands of which a sweep makes many runs. */
export const sweptCommands: readonly SweptCommand[] = [trainSwept];

/** The command of a name. Throws UsageError, naming all there are, where there is none. */
export function commandNamed(name: string, commands: readonly SweptCommand[]): SweptCommand {
  return entryOf(
    'command for a sweep',
    commands.map((command) => ({ ...command, help: '' })),
    name,
  );
}
