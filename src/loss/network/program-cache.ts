import type { Program } from '../../tensor/engine/index.js';

/** The compiled graphs of one network, by what they compute. */
export type ProgramCache = Map<string, Promise<Program>>;

/** Frees every graph of a cache that objectives share, and empties it: `await releasePrograms(programs)` after the last of them. */
export async function releasePrograms(programs: ProgramCache): Promise<void> {
  for (const made of programs.values()) await (await made).release();
  programs.clear();
}
