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

function shown(value: unknown): string {
  const text = value === undefined ? 'undefined' : JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
