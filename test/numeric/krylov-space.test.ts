import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { innerProducts } from '../../src/numeric/kernels/inner-products.js';
import { atOnce } from '../../src/numeric/kernels/pausing.js';
import { absorb } from '../../src/numeric/lanczos/absorb.js';
import { bringForward } from '../../src/numeric/lanczos/bring-forward.js';
import { addOpen } from '../../src/numeric/lanczos/join-vectors.js';
import { krylovSpace, type KrylovSpace } from '../../src/numeric/lanczos/krylov-space.js';
import { randomStream } from '../../src/numeric/random.js';
import { restart, ritzPairs, ritzResiduals, ritzVectors } from '../../src/numeric/lanczos/ritz-pairs.js';
import { coordinateNorms } from '../../src/numeric/lanczos/residual-directions.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { residualNorms } from '../../src/numeric/lanczos/true-residuals.js';
import { operatorWithSpectrum } from './spectra.js';

const n = 150;
const spectrum = Array.from({ length: n }, (_, i) => (i < 5 ? 3 - i / 4 : i < 12 ? 1 : Math.cos(i)));

/** Vectors of W, as they are stored. */
const stored = ({ vectors }: KrylovSpace, first: number, count: number): Float64Array =>
  Float64Array.from(vectors.read(first, count));

/** Random moves: absorb some of R, turn it first or not, add random vectors, restart. */
function wander(operator: SymmetricOperator, seed: number, moves: number): KrylovSpace {
  const stream = randomStream(seed, 'moves');
  const normals = (length: number): Float64Array => new Float64Array(length).map(() => stream.normal());
  const space = krylovSpace(n, n);
  atOnce(addOpen(space, normals(n * (1 + stream.integer(5)))));
  for (let move = 0; move < moves; move++) {
    const kind = stream.integer(8);
    if (kind === 0 || space.open === 0) {
      atOnce(addOpen(space, normals(2 * n)));
    } else if (kind === 1 && space.size > 12) {
      atOnce(restart(space, atOnce(ritzPairs(space)), 8 + stream.integer(4)));
    } else {
      const take = 1 + stream.integer(space.open);
      if (stream.uniform() < 0.5) atOnce(bringForward(space, normals(space.open * take), take));
      atOnce(absorb(space, take, operator.apply(stored(space, space.size, take), take)));
    }
  }
  return space;
}

describe('KrylovSpace', () => {
  it('keeps W orthonormal and A V = W H to rounding, whatever is done to it', () => {
    const operator = operatorWithSpectrum(spectrum, 1);
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 24 }), (seed, moves) => {
        const space = wander(operator, seed, moves);
        const { projected, capacity, size, open } = space;
        const total = size + open;
        const columns = stored(space, 0, total);
        innerProducts(columns, total, columns, total, n).forEach((x, at) => {
          expect(Math.abs(x - (at % (total + 1) === 0 ? 1 : 0))).toBeLessThan(n * Number.EPSILON);
        });
        const moved = operator.apply(columns.slice(0, size * n), size);
        let worst = 0;
        for (let j = 0; j < size; j++) {
          for (let f = 0; f < n; f++) {
            let sum = moved[j * n + f]!;
            for (let i = 0; i < total; i++) sum -= projected[i * capacity + j]! * columns[i * n + f]!;
            worst = Math.max(worst, Math.abs(sum));
          }
        }
        expect(worst).toBeLessThan(3 * n * Number.EPSILON); // ‖A‖ = 3
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('knows the residuals of its Ritz pairs without a product', () => {
    const operator = operatorWithSpectrum(spectrum, 2);
    for (let seed = 0; seed < 20; seed++) {
      const space = wander(operator, seed, 8);
      const ritz = atOnce(ritzPairs(space));
      const known = coordinateNorms(ritzResiduals(space, ritz, space.size), space.size);
      const vectors = atOnce(ritzVectors(space, ritz, space.size));
      const explicit = residualNorms(operator.apply(vectors, space.size), ritz.values, vectors);
      explicit.forEach((r, j) => {
        expect(Math.abs(r - known[j]!)).toBeLessThan(3 * n * Number.EPSILON);
      });
    }
  });

  it('spends a product on the direction that was brought forward', () => {
    const operator = operatorWithSpectrum(spectrum, 3);
    const space = wander(operator, 5, 6);
    const before = stored(space, space.size, space.open);
    const direction = Float64Array.from({ length: space.open }, (_, i) => i + 1);
    const norm = Math.hypot(...direction);
    atOnce(bringForward(space, direction, 1));
    const wanted = new Float64Array(n);
    direction.forEach((x, i) => {
      for (let f = 0; f < n; f++) wanted[f]! += (x / norm) * before[i * n + f]!;
    });
    const first = stored(space, space.size, 1);
    expect(space.open).toBeGreaterThan(1);
    expect(Math.abs(innerProducts(wanted, 1, first, 1, n)[0]!)).toBeCloseTo(1, 13);
  });

  it('stays orthonormal where two residuals are all but parallel', () => {
    // A e₁ = e₃ and A e₂ = e₃ + 1e-4 e₄ in the basis of the discrete cosine transform: the second residual direction is what 1e-4 leaves.
    const unit = (i: number): Float64Array =>
      new Float64Array(n).map((_, f) => Math.cos((f + 0.5) * (i + 1) * (Math.PI / n)) * Math.sqrt(2 / n));
    const [e1, e2, e3, e4] = [unit(0), unit(1), unit(2), unit(3)];
    const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, v, f) => sum + v * y[f]!, 0);
    const apply = (x: Float64Array): Float64Array => {
      const [a, b, c, d] = [dot(e1, x), dot(e2, x), dot(e3, x), dot(e4, x)];
      return x.map((_, f) => a * e3[f]! + b * (e3[f]! + 1e-4 * e4[f]!) + c * (e1[f]! + e2[f]!) + 1e-4 * d * e2[f]!);
    };
    const space = krylovSpace(n, 8);
    atOnce(addOpen(space, Float64Array.from([...e1, ...e2])));
    atOnce(absorb(space, 2, Float64Array.from([...apply(e1), ...apply(e2)])));
    expect([space.size, space.open]).toEqual([2, 2]);
    innerProducts(stored(space, 0, 4), 4, stored(space, 0, 4), 4, n).forEach((x, at) => {
      expect(Math.abs(x - (at % 5 === 0 ? 1 : 0))).toBeLessThan(n * Number.EPSILON);
    });
  });

  it('leaves an invariant subspace without residual directions', () => {
    const space = krylovSpace(20, 10);
    const projector = operatorWithSpectrum([1, 1, 1, ...new Array<number>(17).fill(0)], 4);
    atOnce(
      addOpen(
        space,
        projector.apply(
          new Float64Array(40).fill(1).map((x, i) => x + Math.sin(i)),
          2,
        ),
      ),
    );
    atOnce(absorb(space, 2, projector.apply(stored(space, 0, 2), 2)));
    expect([space.size, space.open]).toEqual([2, 0]);
  });
});
