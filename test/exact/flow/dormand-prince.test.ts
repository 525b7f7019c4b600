import { fraction } from 'mathjs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { dormandPrince, type Ratio } from '../../../src/exact/flow/dormand-prince-tableau.js';
import { solveFlow } from '../../../src/exact/flow/index.js';
import { problems } from './problems.js';

/** odex ships its TypeScript sources, which strict settings refuse; so it is loaded without its types. */
const { Solver } = createRequire(import.meta.url)('odex') as {
  Solver: new (n: number) => {
    solve(f: (t: number, y: number[]) => number[], from: number, y0: number[], to: number): { y: number[] };
  };
};

/** A rooted tree as the list of its subtrees; order, density γ and elementary weight Φ as in Butcher's theory. */
type Tree = readonly Tree[];
const order = (tree: Tree): number => 1 + tree.reduce((sum, child) => sum + order(child), 0);
const density = (tree: Tree): number => order(tree) * tree.reduce((product, child) => product * density(child), 1);
const key = (tree: Tree): string => `(${tree.map(key).sort().join('')})`;

function treesOfOrder(n: number): Tree[] {
  if (n === 1) return [[]];
  const grown = treesOfOrder(n - 1).flatMap((tree) => graft(tree));
  return [...new Map(grown.map((tree) => [key(tree), tree])).values()];
}
/** Every tree with one leaf more. */
function graft(tree: Tree): Tree[] {
  return [
    [...tree, []],
    ...tree.flatMap((child, i) => graft(child).map((grown) => [...tree.slice(0, i), grown, ...tree.slice(i + 1)])),
  ];
}

const exact = ([numerator, denominator]: Ratio) => fraction(numerator, denominator);
const { a, b, bHat, c, d } = dormandPrince;
const stages = b.length;

/** Φ_i of a tree at stage i: Π over subtrees of Σ_j a_ij Φ_j. */
function weightAt(tree: Tree, i: number): ReturnType<typeof fraction> {
  return tree.reduce((product, child) => {
    let sum = fraction(0);
    a[i]!.forEach((aij, j) => (sum = sum.add(exact(aij).mul(weightAt(child, j)))));
    return product.mul(sum);
  }, fraction(1));
}
const weight = (weights: readonly Ratio[], tree: Tree) => {
  let sum = fraction(0);
  for (let i = 0; i < stages; i++) sum = sum.add(exact(weights[i]!).mul(weightAt(tree, i)));
  return sum;
};
const satisfies = (weights: readonly Ratio[], tree: Tree): boolean =>
  weight(weights, tree).equals(fraction(1, density(tree)));

describe('the tableau of Dormand & Prince', () => {
  it('has 1, 1, 2, 4, 9 rooted trees to satisfy', () => {
    expect([1, 2, 3, 4, 5].map((n) => treesOfOrder(n).length)).toEqual([1, 1, 2, 4, 9]);
  });

  it('satisfies all 17 order conditions of order 5 exactly, and not all of order 6', () => {
    for (let n = 1; n <= 5; n++) for (const tree of treesOfOrder(n)) expect(satisfies(b, tree), key(tree)).toBe(true);
    expect(treesOfOrder(6).every((tree) => satisfies(b, tree))).toBe(false);
  });

  it('has an embedded method of order 4 exactly, and not 5', () => {
    for (let n = 1; n <= 4; n++)
      for (const tree of treesOfOrder(n)) expect(satisfies(bHat, tree), key(tree)).toBe(true);
    expect(treesOfOrder(5).every((tree) => satisfies(bHat, tree))).toBe(false);
  });

  it('has rows that sum to c, and a last stage that is the first of the next step', () => {
    a.forEach((row, i) => {
      const sum = row.reduce((total, x) => total.add(exact(x)), fraction(0));
      expect(sum.equals(exact(c[i]!))).toBe(true);
    });
    expect(a[6]).toEqual(b.slice(0, 6));
  });

  it('has dense output of order 4: its weights at θ = 1/3 and 2/3 satisfy the conditions Σ b_i(θ) Φ_i = θ^n/γ', () => {
    for (const theta of [fraction(1, 3), fraction(2, 3)]) {
      const rest = fraction(1).sub(theta);
      const first = (i: number) => fraction(i === 0 ? 1 : 0);
      const last = (i: number) => fraction(i === 6 ? 1 : 0);
      const weights = Array.from({ length: stages }, (_, i) => {
        const difference = exact(b[i]!);
        const bend = first(i).sub(difference);
        const twist = difference.sub(last(i)).sub(bend);
        const inner = twist.add(rest.mul(exact(d[i]!)));
        return theta.mul(difference.add(rest.mul(bend.add(theta.mul(inner)))));
      });
      for (let n = 1; n <= 4; n++) {
        for (const tree of treesOfOrder(n)) {
          let sum = fraction(0);
          weights.forEach((w, i) => (sum = sum.add(w.mul(weightAt(tree, i)))));
          let power = fraction(1);
          for (let m = 0; m < n; m++) power = power.mul(theta);
          expect(sum.mul(density(tree)).equals(power), key(tree)).toBe(true);
        }
      }
    }
  });
});

describe('solveFlow', () => {
  it.each(problems)(
    'follows $name to its tolerance, with evidence that bounds the error',
    ({ field, solution, end, growth }) => {
      const times = [0, 0.13, 0.5, 0.77, 1].map((part) => part * end);
      for (const tolerance of [1e-6, 1e-9, 1e-12]) {
        const found = solveFlow(field, Float64Array.from(solution(0)), times, {
          relativeTolerance: tolerance,
          absoluteTolerance: tolerance,
        });
        times.forEach((t, i) => {
          solution(t).forEach((y, j) => {
            expect(Math.abs(found.states[i]![j]! - y)).toBeLessThan(
              Math.max(growth * found.errorEstimate, 1e3 * tolerance),
            );
          });
        });
        expect(found.evaluations).toBe(1 + 6 * (found.accepted + found.rejected));
      }
    },
  );

  it('converges with order 5 in the number of evaluations, on a problem whose steps are all alike', () => {
    const { field, solution, end } = problems[1]!;
    const runs = [1e-6, 1e-11].map((tolerance) => {
      const found = solveFlow(field, Float64Array.from(solution(0)), [0, end], {
        relativeTolerance: 0,
        absoluteTolerance: tolerance,
      });
      const error = Math.hypot(...solution(end).map((y, j) => y - found.states[1]![j]!));
      return { cost: Math.log(found.evaluations), error: Math.log(error) };
    });
    const slope = (runs[1]!.error - runs[0]!.error) / (runs[1]!.cost - runs[0]!.cost);
    expect(Math.abs(slope + 5)).toBeLessThan(0.1);
  });

  it('agrees with the extrapolation code odex', () => {
    for (const { field, solution, end } of problems) {
      const solver = new Solver(solution(0).length);
      Object.assign(solver, { absoluteTolerance: 1e-12, relativeTolerance: 1e-12, denseOutput: false });
      const slope = (t: number, y: number[]): number[] => {
        const dy = new Float64Array(y.length);
        field(t, Float64Array.from(y), dy);
        return [...dy];
      };
      const theirs = solver.solve(slope, 0, solution(0), end);
      const ours = solveFlow(field, Float64Array.from(solution(0)), [0, end]).states[1]!;
      theirs.y.forEach((y, i) => {
        expect(Math.abs(ours[i]! - y)).toBeLessThan(1e-8);
      });
    }
  });

  it('does not let the list of times change the steps', () => {
    const { field, solution, end } = problems[1]!;
    const few = solveFlow(field, Float64Array.from(solution(0)), [0, end]);
    const many = solveFlow(
      field,
      Float64Array.from(solution(0)),
      Array.from({ length: 101 }, (_, i) => (i * end) / 100),
    );
    expect(many.states.at(-1)).toEqual(few.states[1]);
    expect(many.evaluations).toBe(few.evaluations);
  });

  it('says where it failed: times that do not ascend, a pole, steps that run out', () => {
    const y0 = Float64Array.of(1);
    const explode = (_: number, y: Float64Array, dy: Float64Array): void => void (dy[0] = y[0]! ** 2);
    expect(() => solveFlow(explode, y0, [0, 1, 1])).toThrow(/ascending/);
    expect(() => solveFlow(explode, y0, [])).toThrow(/non-empty/);
    expect(() => solveFlow(explode, y0, [0, 2], { maxSteps: 50_000 })).toThrow(/t = (1|0\.99)|steps and reached only/);
    expect(() => solveFlow(explode, y0, [0, 0.9], { maxSteps: 3 })).toThrow(/used 3 steps and reached only t = /);
    expect(() => solveFlow((_, __, dy) => void dy.fill(NaN), y0, [0, 1])).toThrow(/not finite at t = 0/);
  });
});
