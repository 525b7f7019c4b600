import type { FloatArray } from '../../../numeric/kernels/float-array.js';

/** What a step sees: θ, and the steps made so far. */
interface DescentState {
  readonly step: number;
  readonly weights: FloatArray;
}

/**
 * θ ← θ − η v, v given at each θ, so many times; returns the last θ. `directionAt` is asked once more at the end, so that it sees steps + 1 states. Throws the signal's reason
 * between two steps.
 */
export async function descendAlong(
  first: FloatArray,
  { rate, steps, signal }: { readonly rate: number; readonly steps: number; readonly signal: AbortSignal },
  directionAt: (state: DescentState) => Promise<Float64Array>,
): Promise<FloatArray> {
  let weights = first;
  for (let step = 0; ; step++) {
    signal.throwIfAborted();
    const direction = await directionAt({ step, weights });
    if (step === steps) return weights;
    weights = weights.map((w, i) => w - rate * direction[i]!);
  }
}
