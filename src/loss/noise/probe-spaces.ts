import { absorb } from '../../numeric/lanczos/absorb.js';
import { addOpen } from '../../numeric/lanczos/join-vectors.js';
import { drawn, withPauses, type Pausing } from '../../numeric/kernels/pausing.js';
import { krylovSpace, type KrylovSpace } from '../../numeric/lanczos/krylov-space.js';
import { projectOutProgram } from '../../numeric/kernels/project-out.js';
import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { randomStream } from '../../numeric/random.js';

/** Numbers that all Krylov spaces together may hold: 256 MB. */
const most = 2 ** 25;

/**
 * Krylov spaces of (1 − P) H (1 − P), P on the first `count` of the given orthonormal vectors, from random directions uniform on the sphere outside P: the first
 * vector of each is that direction. A space that is exhausted ends early, and is exact. Cost: `probes` · `steps` products, as many at once as memory
 * allows.
 */
export async function* probeSpaces(
  operator: AsyncSymmetricOperator,
  { vectors, count }: { readonly vectors: Float64Array; readonly count: number },
  { probes, steps, seed }: { readonly probes: number; readonly steps: number; readonly seed: number },
): AsyncGenerator<KrylovSpace, void, void> {
  const n = operator.dimension;
  const paused = <R>(program: Pausing<R>): Promise<R> => withPauses(program, () => operator.giveWay?.());
  const together = Math.max(1, Math.floor(most / (n * (steps + 1))));
  for (let from = 0; from < probes; from += together) {
    const spaces: KrylovSpace[] = [];
    for (let probe = from; probe < Math.min(from + together, probes); probe++) {
      const stream = randomStream(seed, 'gradient noise', probe);
      const start = await paused(drawn(n, () => stream.normal()));
      await paused(projectOutProgram(vectors, count, start, 1, n));
      const space = krylovSpace(n, Math.min(n, steps + 1));
      await paused(addOpen(space, start));
      spaces.push(space);
    }
    for (let step = 0; step < Math.min(steps, n - count); step++) {
      const going = spaces.filter(({ open }) => open > 0);
      if (going.length === 0) break;
      const block = new Float64Array(n * going.length);
      going.forEach(({ vectors: w, size }, i) => {
        block.set(w.read(size, 1), i * n);
      });
      const moved = await operator.apply(block, going.length);
      await paused(projectOutProgram(vectors, count, moved, going.length, n));
      for (const [i, space] of going.entries()) await paused(absorb(space, 1, moved.slice(i * n, (i + 1) * n)));
    }
    yield* spaces;
  }
}
