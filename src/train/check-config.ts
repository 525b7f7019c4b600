import type { z } from 'zod';
import { UsageError } from '../errors.js';

/** A configuration that a schema accepts. Throws UsageError naming the path, the value and what is legal of everything that is wrong. */
export function checkConfig<T>(schema: z.ZodType<T>, config: unknown): T {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  throw new UsageError(`the configuration is not legal: ${problemsOf(result.error, config, 'config').join('; ')}`);
}

/** Everything a schema finds wrong with a value: the path, what is legal, what was received. `name` is that of the value itself. */
export function problemsOf({ issues }: z.ZodError, value: unknown, name: string): string[] {
  return issues.map((issue) => {
    const received = issue.path.reduce<unknown>(
      (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    return `${issue.path.join('.') || name}: ${issue.message} (received ${shown(received)})`;
  });
}

/** A value for a message: as JSON, as far as there is room for it, which is neither deep nor long. */
function shown(value: unknown): string {
  const text = typeof value === 'string' || isStructure(value) ? JSON.stringify(outline(value, 3)) : String(value);
  return text.length <= room ? text : `${text.slice(0, room)}…`;
}

const room = 200;

/** What of a value fits there, so many levels deep. */
function outline(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, room + 1);
  const isNumeral = typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)); // JSON has none
  if (!isStructure(value)) return isNumeral ? String(value) : value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, room).map((part) => outline(part, depth - 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, room)
      .map(([key, part]) => [key.slice(0, room + 1), outline(part, depth - 1)]),
  );
}

const isStructure = (value: unknown): value is object => typeof value === 'object' && value !== null;
