import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.js';
import { isObject } from './json-object.js';

/** Throws UsageError, naming the first field that differs, if a file belongs to another run than the one wanted. */
export function refuseOtherRun(path: string, found: unknown, wanted: unknown): void {
  const difference = firstDifference(found, JSON.parse(JSON.stringify(wanted)), 'run');
  if (difference === undefined) return;
  throw new UsageError(
    `${path} belongs to another run: ${difference}; repeat its options to resume it, or choose another folder`,
  );
}

/** The first field in which two values of plain JSON differ, in words; undefined where they are equal. */
export function firstDifference(found: unknown, wanted: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(found, wanted)) return undefined;
  if (isObject(found) && isObject(wanted)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      const inner = firstDifference(found[key], wanted[key], `${path}.${key}`);
      if (inner !== undefined) return inner;
    }
  }
  return `${path} was ${JSON.stringify(found)} there and is ${JSON.stringify(wanted)} now`;
}
