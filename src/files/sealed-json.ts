import { isObject } from './json-object.js';
import { structuralProblem } from './json-structure.js';
import { sha256Of } from './sha256.js';

/** Levels that a sealed document may be nested. */
const deepest = 100;

/**
 * The text of a document with the SHA-256 of the rest, as compact JSON, in a last field `sha256`: what was altered since is noticed when it is opened. It is
 * a checksum and no signature: whoever alters a file on purpose can compute it again.
 */
export function sealedJson(document: object, indent?: number): string {
  const rest = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  delete rest.sha256;
  return `${JSON.stringify({ ...rest, sha256: sha256Of(JSON.stringify(rest)) }, null, indent)}\n`;
}

/** The document of a text that `sealedJson` made. Calls `fail` with what is wrong where it is not as it was written. */
export function openSealed(text: string, fail: (problem: string, cause?: unknown) => never): Record<string, unknown> {
  const structure = structuralProblem(text, deepest);
  if (structure !== undefined) return fail(structure);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    return fail(`it is no JSON (${(cause as Error).message})`, cause);
  }
  if (!isObject(found)) return fail('it is no JSON object');
  const { sha256, ...rest } = found;
  if (sha256 === undefined) return fail('it has no sha256');
  if (sha256 !== sha256Of(JSON.stringify(rest)))
    return fail('it was altered since it was written: its SHA-256 is another');
  return rest;
}
