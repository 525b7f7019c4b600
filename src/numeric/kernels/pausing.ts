/** A long computation that offers to pause wherever it yields. What it returns depends on no pause. */
export type Pausing<Result> = Generator<undefined, Result, unknown>;

/** Multiplications between two pauses: some 20 ms. */
export const breath = 2 ** 24;

/** The result, without a pause. */
export function atOnce<Result>(program: Pausing<Result>): Result {
  let state = program.next();
  while (state.done !== true) state = program.next();
  return state.value;
}

/** The result, with what is awaited at each pause; rejects where that does. Without it there are none. */
export async function withPauses<Result>(
  program: Pausing<Result>,
  giveWay: (() => Promise<void> | undefined) | undefined,
): Promise<Result> {
  if (giveWay === undefined) return atOnce(program);
  let state = program.next();
  while (state.done !== true) {
    await giveWay();
    state = program.next();
  }
  return state.value;
}

/** `work` on rows from … to − 1, some at a time, where each takes so many multiplications. */
export function* overRows(rows: number, cost: number, work: (from: number, to: number) => void): Pausing<void> {
  const together = Math.max(1, Math.floor(breath / cost));
  for (let from = 0; from < rows; from += together) {
    if (from > 0) yield;
    work(from, Math.min(from + together, rows));
  }
}

/** `length` numbers, drawn one after the other. Cost: that of the draws. */
export function* drawn(length: number, draw: () => number): Pausing<Float64Array> {
  const result = new Float64Array(length);
  for (let from = 0; from < length; from += pass) {
    if (from > 0) yield;
    const to = Math.min(from + pass, length);
    for (let i = from; i < to; i++) result[i] = draw();
  }
  return result;
}

/** target ← source, from its entry `at` on. */
export function* copied(source: Float64Array, target: Float64Array, at = 0): Pausing<void> {
  for (let from = 0; from < source.length; from += 8 * pass) {
    if (from > 0) yield;
    target.set(source.subarray(from, from + 8 * pass), at + from);
  }
}

/** Numbers that are drawn or passed over between two pauses. */
const pass = 2 ** 19;
