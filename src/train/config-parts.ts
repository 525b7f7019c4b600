import { isObject } from '../files/json-object.js';
import { defaultsFor, trainDefaults } from './train-config.js';

/** The defaults for a model with the parts that are given: data, follow and window are merged, everything else is replaced. Nothing is checked. */
export function withConfigParts(model: string, parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged = (['data', 'follow', 'window'] as const).map((key): [string, unknown] => {
    const part = parts[key] === undefined ? {} : parts[key];
    return [key, isObject(part) ? { ...trainDefaults[key], ...part } : part];
  });
  return { ...defaultsFor(model), ...parts, ...Object.fromEntries(merged) };
}
