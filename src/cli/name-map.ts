import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { isObject } from '../files/json-object.js';
import { readJsonFile } from './json-file.js';

/** `TENSOR=PARAMETER,…` or `LAYER=LAYER,…`, or a JSON file {"TENSOR": "PARAMETER", …}. Throws DataError where there is a file that cannot be read. */
export function nameMap(text: string): Readonly<Record<string, string>> {
  const found = text.includes('=') ? fromPairs(text) : fromFile(text);
  if (isNameMap(found)) return found;
  throw new InvalidArgumentError(
    'It must be TENSOR=PARAMETER,… or LAYER=LAYER,…, for example input=dense1,output=dense2, each tensor once, or a JSON file that holds such pairs.',
  );
}

function isNameMap(value: unknown): value is Readonly<Record<string, string>> {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.flat().every((part) => typeof part === 'string' && part !== '');
}

function fromPairs(text: string): unknown {
  const entries = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  const names = new Set(entries.map(([name]) => name));
  return entries.every((entry) => entry.length === 2) && names.size === entries.length
    ? Object.fromEntries(entries as [string, string][])
    : undefined;
}

function fromFile(path: string): unknown {
  return existsSync(path) ? readJsonFile(path, 'a file that holds pairs of names') : undefined;
}
