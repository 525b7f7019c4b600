import type {
  ConditionalNode,
  ConstantNode,
  Fraction,
  FunctionNode,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  SymbolNode,
} from 'mathjs';
import { exactMath } from '../exact/identity.js';

/** An expression with its integers worked out, as it is printed. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly argument: Formula }
  | { readonly kind: 'negative'; readonly of: Formula }
  | { readonly kind: 'operator'; readonly op: Operator; readonly left: Formula; readonly right: Formula }
  | {
      readonly kind: 'choice';
      readonly larger: Formula;
      readonly than: Formula;
      readonly then: Formula;
      readonly otherwise: Formula;
    };

type Operator = '+' | '-' | '*' | '/' | '^';

/** The formula of a text in mathjs' syntax; a number of classes stands for k, 'k' leaves it. */
export function formulaOf(text: string, classes: number | 'k'): Formula {
  const read = (node: MathNode): Formula => {
    switch (node.type) {
      case 'ParenthesisNode':
        return read((node as ParenthesisNode).content);
      case 'ConstantNode':
        return number(exactMath.number((node as ConstantNode<Fraction>).value));
      case 'SymbolNode': {
        const { name } = node as SymbolNode;
        return name === 'k' && classes !== 'k' ? number(classes) : { kind: 'symbol', name };
      }
      case 'FunctionNode': {
        const { fn, args } = node as FunctionNode;
        return called(fn.name, read(args[0]!));
      }
      case 'ConditionalNode': {
        const { condition, trueExpr, falseExpr } = node as ConditionalNode;
        const [larger, than] = (condition as OperatorNode).args.map(read);
        return { kind: 'choice', larger: larger!, than: than!, then: read(trueExpr), otherwise: read(falseExpr) };
      }
      default: {
        const { op, args } = node as OperatorNode;
        const [left, right] = args.map(read);
        return right === undefined ? negative(left!) : combined(op, left!, right);
      }
    }
  };
  return read(exactMath.parse(text));
}

const number = (value: number): Formula => ({ kind: 'number', value });
const isNumber = (term: Formula, value: number): boolean => term.kind === 'number' && term.value === value;
const operator = (op: Operator, left: Formula, right: Formula): Formula => ({ kind: 'operator', op, left, right });

/** √ of a square and ln 1 are worked out. */
function called(name: string, argument: Formula): Formula {
  if (name === 'log' && isNumber(argument, 1)) return number(0);
  if (name === 'sqrt' && argument.kind === 'number' && Number.isInteger(Math.sqrt(argument.value)))
    return number(Math.sqrt(argument.value));
  return { kind: 'call', name, argument };
}

function negative(of: Formula): Formula {
  if (of.kind === 'number') return number(of.value === 0 ? 0 : -of.value);
  return of.kind === 'negative' ? of.of : { kind: 'negative', of };
}

/** left op right without zeros, ones, double signs and integers that are not worked out. */
function combined(op: Operator, left: Formula, right: Formula): Formula {
  switch (op) {
    case '+':
    case '-':
      return added(left, op === '-' ? negative(right) : right);
    case '*':
      return multiplied(left, right);
    case '/':
      return divided(left, right);
    case '^':
      if (isNumber(right, 0)) return number(1);
      if (isNumber(right, 1)) return left;
      return left.kind === 'number' && right.kind === 'number' && right.value > 0
        ? number(left.value ** right.value)
        : operator('^', left, right);
  }
}

function added(left: Formula, right: Formula): Formula {
  if (left.kind === 'number' && right.kind === 'number') return number(left.value + right.value);
  if (isNumber(left, 0)) return right;
  if (isNumber(right, 0)) return left;
  if (right.kind === 'number' && left.kind === 'operator' && left.right.kind === 'number') {
    if (left.op === '+') return added(left.left, number(left.right.value + right.value)); // k − 1 − 1
    if (left.op === '-') return added(left.left, number(right.value - left.right.value));
  }
  if (right.kind === 'negative') return operator('-', left, right.of);
  return right.kind === 'number' && right.value < 0
    ? operator('-', left, number(-right.value))
    : operator('+', left, right);
}

function multiplied(left: Formula, right: Formula): Formula {
  if (left.kind === 'negative') return negative(multiplied(left.of, right));
  if (right.kind === 'negative') return negative(multiplied(left, right.of));
  if (right.kind === 'number')
    return left.kind === 'number' ? number(left.value * right.value) : multiplied(right, left);
  if (isNumber(left, 0)) return left;
  if (isNumber(left, 1)) return right;
  if (isNumber(left, -1)) return negative(right);
  if (left.kind === 'number' && right.kind === 'operator' && right.op === '*' && right.left.kind === 'number')
    return multiplied(number(left.value * right.left.value), right.right);
  return operator('*', left, right);
}

function divided(left: Formula, right: Formula): Formula {
  if (isNumber(left, 0) || isNumber(right, 1)) return left;
  if (left.kind === 'negative') return negative(divided(left.of, right));
  if (left.kind === 'number' && left.value < 0) return negative(divided(number(-left.value), right));
  if (right.kind === 'number') {
    const [factor, rest] =
      left.kind === 'number'
        ? [left.value, undefined]
        : left.kind === 'operator' && left.op === '*' && left.left.kind === 'number'
          ? [left.left.value, left.right]
          : [1, left];
    const common = divisor(factor, right.value);
    const over = rest === undefined ? number(factor / common) : multiplied(number(factor / common), rest);
    if (over.kind === 'operator' && over.op === '/' && over.right.kind === 'number')
      return divided(over.left, number((over.right.value * right.value) / common)); // x/2/3
    return right.value === common ? over : operator('/', over, number(right.value / common));
  }
  return operator('/', left, right);
}

function divisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : divisor(b, a % b);
}
