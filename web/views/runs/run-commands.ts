import type { OpenedRun } from './opened-run.js';

/** A name as a shell takes it. */
export const quoted = (name: string): string =>
  /^[\w./@:+-]+$/.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", "'\\''")}'`;

/** Draws the same from the command line. */
export const commandOfFigures = (name: string, show?: string): string =>
  `figures --run ${quoted(name)}${show === undefined ? '' : ` --show ${show}`}`;

/** What made a run; with a folder that holds all of it, it prints its numbers. */
export function commandOfRun({ name, run }: OpenedRun): string {
  const folder = quoted(name);
  const weights = run?.initialWeights === null || run === null ? '' : ' --init-from WEIGHTS.safetensors';
  return `train --config ${quoted(`${name}/config.json`)} --out ${folder}${weights}`;
}
