import { DataError } from '../errors.js';
import { structuralProblem } from '../files/json-structure.js';
import { readDataFile } from '../files/read-data-file.js';

/** Deeper than anything that is read here, and flat enough for whoever walks through it. */
const deepest = 16;

/** The JSON document of a file that a user names. Throws DataError where it cannot be read, is no JSON, holds a key twice or is nested deeper than 16 levels. */
export function readJsonFile(path: string, wanted: string): unknown {
  const fail = (problem: string, cause?: unknown): never => {
    throw new DataError(`${path} is no readable JSON file: ${problem}; give ${wanted}`, { cause });
  };
  const text = utf8(bytesOf(path, fail)) ?? fail('it is no UTF-8 text');
  const problem = structuralProblem(text, deepest);
  if (problem !== undefined) fail(problem);
  try {
    return JSON.parse(text);
  } catch (cause) {
    return fail((cause as Error).message, cause);
  }
}

function bytesOf(path: string, fail: (problem: string, cause: unknown) => never): Uint8Array {
  try {
    return readDataFile(path);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    return fail(cause.message.replace(`${path}: `, ''), cause);
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
