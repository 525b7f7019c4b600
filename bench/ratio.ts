/** Best of several interleaved runs of each, in milliseconds: machines are noisy, and only ratios of one run travel. */
export function race(rounds: number, ...contenders: readonly (() => unknown)[]): number[] {
  const best = contenders.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((run, i) => {
      const start = performance.now();
      run();
      best[i] = Math.min(best[i]!, performance.now() - start);
    });
  }
  return best;
}

/** One line of a table: cells padded to columns of 14. */
export function line(...cells: readonly (string | number)[]): void {
  const text = cells.map((cell) =>
    (typeof cell === 'number' ? String(Number(cell.toPrecision(3))) : cell).padStart(14),
  );
  console.log(text.join(''));
}

/** The exponent of a growth from one size to another. */
export function exponent(times: readonly [number, number], sizes: readonly [number, number]): number {
  return Math.log(times[1] / times[0]) / Math.log(sizes[1] / sizes[0]);
}
