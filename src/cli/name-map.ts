import { existsSync, readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const pairs = z.record(z.string().min(1), z.string().min(1));

/** `TENSOR=PARAMETER,…` or `LAYER=LAYER,…`, or a JSON file {"TENSOR": "PARAMETER", …}. */
export function nameMap(text: string): Readonly<Record<string, string>> {
  const found = pairs.safeParse(text.includes('=') ? fromPairs(text) : fromFile(text));
  if (found.success && Object.keys(found.data).length > 0) return found.data;
  throw new InvalidArgumentError(
    'It must be TENSOR=PARAMETER,… or LAYER=LAYER,…, for example input=dense1,output=dense2, each tensor once, or a JSON file that holds such pairs.',
  );
}

function fromPairs(text: string): unknown {
  const entries = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  const names = new Set(entries.map(([name]) => name));
  return entries.every((entry) => entry.length === 2) && names.size === entries.length
    ? Object.fromEntries(entries as [string, string][])
    : undefined;
}

function fromFile(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
