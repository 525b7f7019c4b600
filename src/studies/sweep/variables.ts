const pattern = /\{([A-Za-z][\w.]*)\}/g;

/** The names in braces that the texts of a value use, `mixture:{classes},10,{noise},1000`, however deep. */
export function variablesIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(pattern)].map(([, name]) => name!);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(variablesIn);
}

/** The value with what the names stand for in its texts; the value itself where it uses none. */
export function withVariables<T>(value: T, variables: ReadonlyMap<string, string>): T {
  if (variables.size === 0) return value;
  const filled = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replace(pattern, (text, name: string) => variables.get(name) ?? text);
    if (Array.isArray(part)) return part.map(filled);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, filled(inner)]));
  };
  return filled(value) as T;
}
