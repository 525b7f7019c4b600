import type { RandomStream } from '../random.js';

/**
 * A randomly shifted rank-1 lattice of N points, as standard normal points of the given dimension: point i at
 * `[i * dimension, (i + 1) * dimension)`, each of weight 1/N (Cranley & Patterson 1976; Sloan & Joe 1994).
 *
 * The lattice is Korobov's, z = (1, g, g², …) mod N, with the best g of 50 by the worst-case error P₂; the tent function makes the
 * integrand periodic, Box and Muller's transform makes pairs normal. Averages over independent shifts are unbiased, and their
 * spread is an error bar. Cost: O(N · dimension), and 50 times that for g.
 */
export function normalLattice(dimension: number, points: number, generator: number, shift: RandomStream): Float64Array {
  const even = dimension + (dimension % 2);
  const z = korobov(even, points, generator);
  const offsets = Float64Array.from({ length: even }, () => shift.uniform());
  const result = new Float64Array(points * dimension);
  const u = new Float64Array(even);
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < even; j++) {
      const x = (((i * z[j]!) % points) / points + offsets[j]!) % 1;
      u[j] = 1 - Math.abs(2 * x - 1);
    }
    for (let j = 0; j < dimension; j++) {
      const radius = Math.sqrt(-2 * Math.log(Math.max(u[j - (j % 2)]!, Number.MIN_VALUE)));
      const angle = 2 * Math.PI * u[j - (j % 2) + 1]!;
      result[i * dimension + j] = radius * (j % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    }
  }
  return result;
}

/** Of 50 candidates the generator with the smallest P₂ = Σ_i Π_j (1 + 2π² B₂(i z_j/N)) − N. */
export function bestGenerator(dimension: number, points: number, random: RandomStream): number {
  const even = dimension + (dimension % 2);
  let best = { generator: 1, error: Infinity };
  for (let trial = 0; trial < 50; trial++) {
    const generator = 2 + random.integer(points - 2);
    const z = korobov(even, points, generator);
    let error = 0;
    for (let i = 0; i < points && error < best.error; i++) {
      let product = 1;
      for (let j = 0; j < even; j++) {
        const x = ((i * z[j]!) % points) / points;
        product *= 1 + 2 * Math.PI ** 2 * (x * x - x + 1 / 6);
      }
      error += product;
    }
    if (error < best.error) best = { generator, error };
  }
  return best.generator;
}

function korobov(dimension: number, points: number, generator: number): number[] {
  const z = [1];
  while (z.length < dimension) z.push((z.at(-1)! * generator) % points);
  return z;
}
