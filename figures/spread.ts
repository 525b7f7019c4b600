/** Moves values apart, as little as possible, until neighbours differ by `least`: places for labels beside the ends of curves. */
export function spread(values: readonly number[], least: number): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  // Groups of touching labels, each centred on the mean of what its labels ask for.
  const groups: { members: number[]; centre: number }[] = [];
  for (const i of order) {
    let group = { members: [i], centre: values[i]! };
    const reach = (one: typeof group): number => ((one.members.length - 1) * least) / 2;
    for (;;) {
      const before = groups.at(-1);
      if (before === undefined || group.centre - reach(group) - before.centre - reach(before) >= least) break;
      groups.pop();
      const members = [...before.members, ...group.members];
      group = { members, centre: members.reduce((sum, one) => sum + values[one]!, 0) / members.length };
    }
    groups.push(group);
  }
  const placed = [...values];
  for (const { members, centre } of groups)
    members.forEach((member, i) => (placed[member] = centre + (i - (members.length - 1) / 2) * least));
  return placed;
}
