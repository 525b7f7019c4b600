import type { z } from 'zod';
import { UsageError } from '../errors.js';

/** A configuration that a schema accepts. Throws UsageError naming the path, the value and what is legal of everything that is wrong. */
export function checkConfig<T>(schema: z.ZodType<T>, config: unknown): T {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const received = issue.path.reduce<unknown>(
      (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
      config,
    );
    return `${issue.path.join('.') || 'config'}: ${issue.message} (received ${JSON.stringify(received)})`;
  });
  throw new UsageError(`the configuration is not legal: ${problems.join('; ')}`);
}
