/** An exact rational number: numerator, denominator. */
export type Ratio = readonly [number, number];

const zero: Ratio = [0, 1];

/**
 * The embedded Runge–Kutta pair of orders 5 and 4 of Dormand & Prince, "A family of embedded Runge–Kutta formulae", J. Comput.
 * Appl. Math. 6 (1980), Table 2 (RK5(4)7M). `b` is of order 5, `bHat` of order 4; the last stage is the first of the next step.
 */
export const dormandPrince: {
  readonly a: readonly (readonly Ratio[])[];
  readonly b: readonly Ratio[];
  readonly bHat: readonly Ratio[];
  readonly c: readonly Ratio[];
  readonly d: readonly Ratio[];
} = {
  a: [
    [],
    [[1, 5]],
    [
      [3, 40],
      [9, 40],
    ],
    [
      [44, 45],
      [-56, 15],
      [32, 9],
    ],
    [
      [19372, 6561],
      [-25360, 2187],
      [64448, 6561],
      [-212, 729],
    ],
    [
      [9017, 3168],
      [-355, 33],
      [46732, 5247],
      [49, 176],
      [-5103, 18656],
    ],
    [[35, 384], zero, [500, 1113], [125, 192], [-2187, 6784], [11, 84]],
  ],
  b: [[35, 384], zero, [500, 1113], [125, 192], [-2187, 6784], [11, 84], zero],
  bHat: [[5179, 57600], zero, [7571, 16695], [393, 640], [-92097, 339200], [187, 2100], [1, 40]],
  c: [zero, [1, 5], [3, 10], [4, 5], [8, 9], [1, 1], [1, 1]],
  /** The fifth coefficient of the dense output of order 4: Hairer, Nørsett & Wanner, Solving ODEs I, §II.6 (code DOPRI5). */
  d: [
    [-12715105075, 11282082432],
    zero,
    [87487479700, 32700410799],
    [-10690763975, 1880347072],
    [701980252875, 199316789632],
    [-1453857185, 822651844],
    [69997945, 29380423],
  ],
};
