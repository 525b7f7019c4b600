import type { Fraction, MathNode } from 'mathjs';
import mathjs from 'mathjs/lib/browser/math.js';

/** mathjs on exact fractions. */
export const exactMath = mathjs.create({ number: 'Fraction' });

/**
 * Is a rational expression identically zero? Proof by evaluation in exact fractions on a grid: a polynomial of degree ≤ D in
 * each variable that vanishes at (D + 1)^v points of a grid is zero. The caller names a bound D on the degree of the
 * numerator in any one variable; the grid lies above 2, where none of our denominators vanishes (mathjs would throw).
 */
export function isIdenticallyZero(
  expression: string | MathNode,
  variables: readonly string[],
  degree: number,
): boolean {
  const key = `${expression.toString()} ${variables.join()} ${degree}`;
  const known = proved.get(key);
  if (known !== undefined) return known;
  const code = exactMath.parse(expression.toString()).compile();
  const points = Array.from({ length: degree + 1 }, (_, i) => exactMath.fraction(4 * i + 5, i + 2)); // 5/2, 3, 13/4, …, all distinct
  const visit = (index: number, scope: Record<string, Fraction>): boolean => {
    const name = variables[index];
    if (name === undefined) return exactMath.isZero(code.evaluate({ ...scope }) as Fraction);
    return points.every((point) => visit(index + 1, { ...scope, [name]: point }));
  };
  const isZero = visit(0, {});
  proved.set(key, isZero);
  return isZero;
}

/** What was found of an expression is not computed again. */
const proved = new Map<string, boolean>();

/** d/dx of an expression, by mathjs. */
export function derivative(expression: string, variable: string): string {
  return exactMath.derivative(expression, variable).toString();
}
