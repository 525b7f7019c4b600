/** |a/b − 1|, with 0/0 as agreement. */
export function relativeDifference(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a / b - 1);
}

/** The largest of the numbers, NaN if any is NaN. */
export function worst(errors: readonly number[]): number {
  return errors.reduce((most, error) => (Number.isNaN(error) || error > most ? error : most), 0);
}

/** The largest error of all cases, or of those up to the first with more than `allowed`: after it no other matters. */
export function worstOver<T>(cases: readonly T[], allowed: number, errorsOf: (one: T) => readonly number[]): number {
  let most = 0;
  for (const one of cases) {
    most = worst([most, worst(errorsOf(one))]);
    if (!(most <= allowed)) break;
  }
  return most;
}

export function scientific(x: number): string {
  return x === 0 ? '0' : x.toExponential(1);
}

/** Numbers of classes at which proofs are carried out. */
export const provenClasses = [2, 3, 4, 5, 6, 7, 8] as const;

/** A value that is computed when it is first asked for, and kept: what a proof finds does not depend on the library. */
export function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
