import type { VectorField } from '../../../src/exact/flow/index.js';

/** Initial value problems with known solutions, after DETEST (Hull, Enright, Fellen & Sedgwick 1972). */
export const problems: readonly {
  readonly name: string;
  readonly field: VectorField;
  readonly solution: (t: number) => number[];
  readonly end: number;
  /** How much an early error may have grown at the end. */
  readonly growth: number;
}[] = [
  {
    name: 'A4, a logistic curve',
    field: (_, y, dy) => {
      dy[0] = (y[0]! / 4) * (1 - y[0]! / 20);
    },
    solution: (t) => [20 / (1 + 19 * Math.exp(-t / 4))],
    end: 20,
    growth: 10,
  },
  {
    name: 'B-like, a rotation',
    field: (_, y, dy) => {
      dy[0] = -y[1]!;
      dy[1] = y[0]!;
    },
    solution: (t) => [Math.cos(t), Math.sin(t)],
    end: 20,
    growth: 2,
  },
  {
    name: 'A3, an oscillating rate',
    field: (t, y, dy) => {
      dy[0] = y[0]! * Math.cos(t);
    },
    solution: (t) => [Math.exp(Math.sin(t))],
    end: 20,
    growth: 8,
  },
  {
    name: 'the margin of two classes without the linear term: dα/dt = e^{−α}',
    field: (_, y, dy) => {
      dy[0] = Math.exp(-y[0]!);
    },
    solution: (t) => [Math.log1p(t)],
    end: 1e6,
    growth: 2,
  },
];
