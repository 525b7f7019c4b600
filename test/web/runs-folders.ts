import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { FileHandle } from '../../web/views/runs/run-file.js';
import { captured } from '../cli/captured.js';

/** A run folder of the command line, small. */
export async function trainedFolder(parent: string, name: string, ...options: string[]): Promise<string> {
  const folder = join(parent, name);
  const always =
    'train --model softmax --backend plain --data mixture:3,6,0.2,120 --steps 40 --measure-every 10 --top 6 --out';
  const { code, stderr } = await captured(() => runCli([...always.split(' '), folder, ...options]));
  expect(code, stderr).toBe(0);
  return folder;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'runs-'));

/** A copy to be damaged. */
export function copyOf(folder: string, name: string): string {
  const copy = join(temporaryFolder(), name);
  mkdirSync(copy);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** The files of a folder as the page hands them to its worker. */
export function handlesOf(folder: string): FileHandle[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return { path, bytes: bytes.length, from: new Blob([bytes]) };
    });
}
