import { UsageError } from '../../errors.js';
import type { SettingValue } from './command.js';
import type { CheckedDescription } from './description.js';

/** Axes that go together: what each of them is at each point; undefined where the base says. */
export interface AxisGroup {
  readonly names: readonly string[];
  readonly points: readonly (readonly (SettingValue | undefined)[])[];
}

/** The entries of `grid`. Throws UsageError for an axis that occurs twice or has a value twice, an entry without axes, or axes of one zip of unequal lengths. */
export function axisGroups(grid: CheckedDescription['grid']): AxisGroup[] {
  const groups = grid.map(groupOf);
  const names = groups.flatMap((group) => group.names);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`the axis ${twice} occurs twice; name each axis once`);
  groups.forEach(refuseTwice);
  return groups;
}

function groupOf(entry: CheckedDescription['grid'][number]): AxisGroup {
  if (isZip(entry)) return zipped(entry.zip);
  if (isList(entry)) return listed(entry.list);
  const axes = Object.entries(entry);
  if (axes.length === 1) return { names: [axes[0]![0]], points: axes[0]![1].map((value) => [value]) };
  throw new UsageError(
    `an entry of the grid is one axis, received ${axes.length === 0 ? 'none' : axes.map(([name]) => name).join(', ')}; give each axis an entry of its own, or {"zip": {…}} for axes that go together`,
  );
}

type Zip = Readonly<Record<string, readonly SettingValue[]>>;
type List = readonly Readonly<Record<string, SettingValue>>[];

const isZip = (entry: object): entry is { readonly zip: Zip } => 'zip' in entry && !Array.isArray(entry.zip);
const isList = (entry: object): entry is { readonly list: List } =>
  'list' in entry &&
  Array.isArray(entry.list) &&
  entry.list.every((point) => typeof point === 'object' && point !== null && !Array.isArray(point));

function zipped(axes: Zip): AxisGroup {
  const names = Object.keys(axes);
  const lengths = names.map((name) => axes[name]!.length);
  if (names.length === 0) throw new UsageError('a zip of the grid has no axis; give it at least one');
  if (new Set(lengths).size > 1) {
    throw new UsageError(
      `axes that go together have equally many values; received ${names.map((name, i) => `${name} with ${lengths[i]!}`).join(', ')}`,
    );
  }
  return { names, points: Array.from({ length: lengths[0]! }, (_, i) => names.map((name) => axes[name]![i])) };
}

function listed(points: List): AxisGroup {
  const names = [...new Set(points.flatMap((point) => Object.keys(point)))];
  if (names.length === 0) throw new UsageError('the points of a list of the grid have no axis; give them at least one');
  return { names, points: points.map((point) => names.map((name) => point[name])) };
}

function refuseTwice({ names, points }: AxisGroup): void {
  const seen = new Set<string>();
  for (const point of points) {
    const text = JSON.stringify(point);
    if (seen.has(text)) {
      const shown = names.flatMap((name, i) => (point[i] === undefined ? [] : `${name} = ${JSON.stringify(point[i])}`));
      throw new UsageError(`the grid has ${shown.join(', ') || 'the base'} twice; give each point once`);
    }
    seen.add(text);
  }
}

/** The seeds that are asked for; undefined where the base has one. Throws UsageError for a range that is empty or too long, and for a seed that occurs twice. */
export function seedsOf(seeds: CheckedDescription['seeds'], most: number): readonly number[] | undefined {
  if (seeds === undefined) return undefined;
  if (typeof seeds !== 'string') {
    const twice = seeds.find((seed, i) => seeds.indexOf(seed) < i);
    if (twice !== undefined) throw new UsageError(`the seed ${twice} occurs twice; give each seed once`);
    return seeds;
  }
  const [first, last] = seeds.split('..').map(Number) as [number, number];
  if (Number.isSafeInteger(last) && first <= last && last - first < most) {
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
  throw new UsageError(
    `seeds are FIRST..LAST with FIRST ≤ LAST, at most ${most} of them; received ${seeds}; for example 1..3`,
  );
}
