import { erfCoefficients, scaledComplement } from '../autodiff/error-function.js';
import { solveDense } from '../../numeric/kernels/solve-dense.js';
import { chebyshevNodes } from '../../numeric/quadrature/chebyshev.js';
import type { Emitter } from './onnx-emitter.js';

/**
 * cos x; in f64, for which ONNX Runtime has no kernel, sin(x + π/2). With u the sum as it is rounded and e what is lost,
 * the digits of π/2 behind float64 among it, it is sin u + e cos u + O(e²), cos u = 1 − 2 sin²(u/2).
 */
export function lowerCos(emitter: Emitter, x: string): string {
  if (emitter.precision === 'f32') return emitter.node('Cos', [x]);
  const { add, subtract, multiply } = arithmetic(emitter);
  const quarter = emitter.reals([Math.PI / 2], []);
  const u = add(x, quarter);
  const part = subtract(u, x);
  const lost = add(add(subtract(x, subtract(u, part)), subtract(quarter, part)), emitter.reals([restOfQuarter], []));
  const half = emitter.node('Sin', [multiply(u, emitter.reals([0.5], []))]);
  const slope = subtract(emitter.reals([1], []), multiply(emitter.reals([2], []), multiply(half, half)));
  return add(emitter.node('Sin', [u]), multiply(lost, slope));
}

/** π/2 less its float64. */
const restOfQuarter = 6.123233995736766e-17;

/** erf x; in f64, for which ONNX Runtime has no kernel, x P(x²) up to 1, and 1 − e^{−x²} Q beyond, Q a polynomial in 1/(3 + |x|). */
export function lowerErf(emitter: Emitter, x: string): string {
  if (emitter.precision === 'f32') return emitter.node('Erf', [x]);
  const { add, subtract, multiply } = arithmetic(emitter);
  const real = (value: number): string => emitter.reals([value], []);
  const polynomial = (at: string, coefficients: readonly number[]): string =>
    coefficients.slice(0, -1).reduceRight((sum, c) => add(multiply(sum, at), real(c)), real(coefficients.at(-1)!));
  const size = emitter.node('Abs', [x]);
  const square = multiply(x, x);
  const near = multiply(x, polynomial(emitter.node('Min', [square, real(1)]), erfCoefficients(20)));
  const clipped = emitter.node('Min', [emitter.node('Max', [size, real(1)]), real(reach)]);
  const place = add(multiply(emitter.node('Reciprocal', [add(clipped, real(pole))]), real(scale)), real(shift));
  const decay = emitter.node('Exp', [emitter.node('Neg', [square])]);
  const far = subtract(real(1), multiply(decay, polynomial(place, tail)));
  return emitter.node('Where', [emitter.node('Less', [size, real(1)]), near, multiply(emitter.node('Sign', [x]), far)]);
}

/** Beyond it erf is ±1 in float64. */
const reach = 6;
/** 1/(pole + x), for x from 1 to its reach, is mapped to −1 … 1. */
const pole = 3;
const [least, most] = [1 / (pole + reach), 1 / (pole + 1)];
const [scale, shift] = [2 / (most - least), -(most + least) / (most - least)];

/** The polynomial through e^{x²}(1 − erf x) at 18 of Chebyshev's points: its error is below 4 · 10⁻¹⁵ of it, and 2 · 10⁻¹⁶ of erf x. */
const tail = polynomialThrough((place) => scaledComplement(scale / (place - shift) - pole), chebyshevNodes(18, -1, 1));

function polynomialThrough(f: (u: number) => number, nodes: readonly number[]): number[] {
  const powers = nodes.flatMap((u) => nodes.map((_, k) => u ** k));
  return [...solveDense(Float64Array.from(powers), Float64Array.from(nodes, f))];
}

type Binary = (a: string, b: string) => string;

function arithmetic(emitter: Emitter): Readonly<Record<'add' | 'subtract' | 'multiply', Binary>> {
  const binary =
    (type: string): Binary =>
    (a, b) =>
      emitter.node(type, [a, b]);
  return { add: binary('Add'), subtract: binary('Sub'), multiply: binary('Mul') };
}
