/** What a caption says, after its subject, of values that are intervals where a cut goes through a multiplet. */
export function intervalNote(widest: number): string {
  return widest === 0
    ? 'every cut separates two distinct levels, so that no value is an interval.'
    : `values are intervals where a cut goes through levels that coincide, at most ${widest.toExponential(1)} wide; the lower end is drawn.`;
}
