import type { Entry } from '../registry.js';

/** An operation on a and b modulo p. */
export interface ModularOperation extends Entry {
  /** What its results are called in records. */
  readonly title: string;
  /** The smallest b there is: 1 where nothing is made with 0. */
  readonly leastB: 0 | 1;
  readonly needsPrime: boolean;
  /** An example a, b and the result from two numbers x and y in 0 … p − 1, y ≥ leastB: each pair a, b is that of one x, y. */
  readonly example: (x: number, y: number, p: number) => readonly [a: number, b: number, result: number];
}

/** An operation f of all pairs, whose values need not be reduced: |f| must stay below 2⁵³ for p up to 10⁴. */
const ofAll =
  (f: (a: number, b: number) => number): ModularOperation['example'] =>
  (a, b, p) => [a, b, ((f(a, b) % p) + p) % p];

const general = { leastB: 0, needsPrime: false } as const;

/** Those of Power et al. 2022, Appendix A.1.1, that are the same for all pairs. Division: the c with c b = a, which there is once for a prime p and b ≠ 0. */
export const modularOperations: readonly ModularOperation[] = [
  { ...general, name: 'add', help: 'a + b', title: 'addition', example: ofAll((a, b) => a + b) },
  { ...general, name: 'subtract', help: 'a − b', title: 'subtraction', example: ofAll((a, b) => a - b) },
  { ...general, name: 'multiply', help: 'a b', title: 'multiplication', example: ofAll((a, b) => a * b) },
  {
    name: 'divide',
    help: 'a/b (b ≠ 0, P prime)',
    title: 'division',
    leastB: 1,
    needsPrime: true,
    example: (c, b, p) => [(c * b) % p, b, c],
  },
  { ...general, name: 'squares', help: 'a² + b²', title: 'a² + b²', example: ofAll((a, b) => a * a + b * b) },
  {
    ...general,
    name: 'quadratic',
    help: 'a² + a b + b²',
    title: 'a² + a b + b²',
    example: ofAll((a, b) => a * a + a * b + b * b),
  },
  { ...general, name: 'cubic', help: 'a³ + a b', title: 'a³ + a b', example: ofAll((a, b) => a * a * a + a * b) },
];
