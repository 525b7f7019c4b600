import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { pythonWith } from '../../python.js';
import type { Value } from './latex-value.js';

/** A function of a module, to be called. */
export interface PythonCall {
  readonly module: string;
  readonly name: string;
  readonly arguments: readonly (number | readonly (readonly number[])[])[];
}

/** A Python of the standard library alone. */
export const python = pythonWith('math');

const program = `
import json, sys
values = []
for call in json.load(sys.stdin):
    module = {}
    exec(call["module"], module)
    values.append(module[call["name"]](*call["arguments"]))
json.dump(values, sys.stdout)
`;

/** What Python makes of the calls, in one process. */
export function pythonValues(calls: readonly PythonCall[]): Record<string, Value>[] {
  const { status, stdout, stderr } = spawnSync(python!, ['-c', program], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, Value>[];
}
