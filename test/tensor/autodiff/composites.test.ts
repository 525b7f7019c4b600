import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import {
  add,
  constant,
  gelu,
  geluErf,
  gradient,
  input,
  logSoftmax,
  maximum,
  minimum,
  multiply,
  negate,
  normalise,
  power,
  silu,
  softmax,
  softmaxCrossEntropy,
  sum,
  tangent,
  total,
  where,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime } from '../../../src/tensor/engine/index.js';

const z = input('z', ['n', 3]);
const entriesOf = (output: Tensor, bindings: Readonly<Record<string, ArrayLike<number>>>, samples = 1): number[] => [
  ...interpret([output], bindings, samples)[0]!.data,
];

describe('logSoftmax', () => {
  const extreme = { z: [1e4, -1e4, 0, -1e4, -1e4, -1e4] };

  it('is finite and right at logits of ±10⁴, along either axis', () => {
    const third = -Math.log(3);
    const expected = [0, -2e4, -1e4, third, third, third];
    entriesOf(logSoftmax(z), extreme, 2).forEach((y, i) => {
      expect(Math.abs(y - expected[i]!)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(expected[i]!));
    });
    const columns = entriesOf(logSoftmax(z, 0), { z: [1e4, 5, 0, -1e4, 5, 1e4] }, 2);
    expect(columns).toEqual([0, -Math.LN2, -1e4, -2e4, -Math.LN2, 0]);
  });

  it('keeps log p to relative accuracy where p is near 1', () => {
    const [y] = entriesOf(logSoftmax(z), { z: [0, -50, -300] });
    expect(Math.abs(y! / -Math.exp(-50) - 1)).toBeLessThan(4 * Number.EPSILON);
  });

  it('has the derivatives of cross-entropy there: p − t, and diag p − p pᵀ', () => {
    const [t, v] = [input('t', ['n', 3]), input('v', ['n', 3])];
    const slopes = gradient(multiply(total(multiply(t, logSoftmax(z))), input('minus', [])), [z]);
    const bindings = { ...extreme, t: [0, 1, 0, 1, 0, 0], v: [1, 2, 3, 1, 2, 3], minus: [-1] };
    const [g, Hv] = interpret([slopes[0]!, tangent(slopes, new Map([[z, v]]))[0]!], bindings, 2);
    const [p, mean] = [1 / 3, 2];
    [1, -1, 0, p - 1, p, p].forEach((y, i) => {
      expect(Math.abs(g!.data[i]! - y)).toBeLessThanOrEqual(4 * Number.EPSILON);
    });
    [0, 0, 0, p * (1 - mean), 0, p * (3 - mean)].forEach((y, i) => {
      expect(Math.abs(Hv!.data[i]! - y)).toBeLessThanOrEqual(16 * Number.EPSILON);
    });
  });
});

describe('softmaxCrossEntropy', () => {
  const [t, v] = [input('t', ['n', 3]), input('v', ['n', 3])];
  const derivatives = (loss: Tensor) => {
    const slopes = gradient(total(loss), [z]);
    return [loss, slopes[0]!, tangent(slopes, new Map([[z, v]]))[0]!];
  };
  const near = (found: Float64Array, expected: readonly number[]): void => {
    expected.forEach((y, i) => {
      expect(Math.abs(found[i]! - y)).toBeLessThanOrEqual(16 * Number.EPSILON * Math.abs(y));
    });
  };

  it.each([
    [5, 7],
    [50, 60],
    [300, 300],
    [700, 690],
  ])('has p − t and (diag p − p pᵀ) v to relative accuracy in every entry, at margins %i and %i', (first, second) => {
    const [a, b] = [Math.exp(-first), Math.exp(-second)];
    const p = [1 / (1 + a + b), a / (1 + a + b), b / (1 + a + b)] as const;
    const rows = [0, -first, -second];
    const mean = p[1] * 1 + p[2] * 3; // v relative to that of class 0 is (0, 1, 3)
    const Sv = [-p[0] * mean, p[1] * (1 - mean), p[2] * (3 - mean)];
    const bindings = { z: [...rows, ...rows], v: [1, 2, 4, 1, 2, 4], t: [1, 0, 0, 0, 1, 0] };
    const [loss, g, Hv] = interpret(derivatives(softmaxCrossEntropy(z, t)), bindings, 2);
    near(loss!.data, [Math.log1p(a + b), first + Math.log1p(a + b)]);
    near(g!.data, [-(p[1] + p[2]), p[1], p[2], p[0], -(p[0] + p[2]), p[2]]);
    near(Hv!.data, [...Sv, ...Sv]);
  });

  it('is −Σ t log p for any targets, with its derivatives', () => {
    const bindings = { z: [0.3, -1, 2, 0.5, 0.5, -3], v: [1, 2, 4, -1, 0, 2], t: [0.2, 0.3, 0.5, 1, 0.5, -0.25] };
    const found = interpret(derivatives(softmaxCrossEntropy(z, t)), bindings, 2);
    const other = interpret(derivatives(sum(negate(multiply(t, logSoftmax(z))), [1])), bindings, 2);
    found.forEach(({ data }, i) => {
      data.forEach((y, j) => {
        expect(Math.abs(y - other[i]!.data[j]!)).toBeLessThanOrEqual(16 * Number.EPSILON);
      });
    });
  });

  it('is finite at logits of ±10⁴', () => {
    const bindings = { z: [1e4, -1e4, 0, -1e4, 1e4, 0], v: [1, 2, 4, 1, 2, 4], t: [1, 0, 0, 1, 0, 0] };
    const [loss, g, Hv] = interpret(derivatives(softmaxCrossEntropy(z, t)), bindings, 2);
    expect([...loss!.data]).toEqual([0, 2e4]);
    expect([...g!.data].map((x) => x + 0)).toEqual([0, 0, 0, -1, 1, 0]);
    expect([...Hv!.data].every((x) => x === 0)).toBe(true);
  });
});

describe('softmax', () => {
  it('is the exponential of logSoftmax, and sums to 1 at any logits', () => {
    const bindings = { z: [0.3, -1, 2, 1e4, -1e4, 9999] };
    const p = entriesOf(softmax(z), bindings, 2);
    entriesOf(logSoftmax(z), bindings, 2).forEach((y, i) => {
      expect(Math.abs(p[i]! - Math.exp(y))).toBeLessThanOrEqual(4 * Number.EPSILON);
    });
    expect(Math.abs(p[3]! + p[4]! + p[5]! - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
  });
});

describe('gelu', () => {
  it('takes the values of its tanh form: 0 at 0, x far right, 0 far left, 0.841192 at 1', () => {
    const [atZero, right, left] = entriesOf(gelu(z), { z: [0, 40, -40] });
    expect([atZero, right, Math.abs(left!)]).toEqual([0, 40, 0]);
    // 0.5 (1 + tanh(0.7978845608 · 1.044715)) = 0.8411919906, as PyTorch's gelu with approximate = 'tanh' gives at 1.
    expect(entriesOf(gelu(z), { z: [1, -1, 2] })[0]).toBeCloseTo(0.8411919906, 9);
  });
});

describe('gelu, far from 0', () => {
  const v = input('v', ['n', 3]);
  const slopes = gradient(total(gelu(z)), [z]);
  const graph = [gelu(z), slopes[0]!, tangent(slopes, new Map([[z, v]]))[0]!];

  it('keeps its relative accuracy in the left tail', () => {
    const math = create(all!, { number: 'BigNumber', precision: 200 });
    const at = [-3, -8, -15];
    entriesOf(gelu(z), { z: at }).forEach((y, i) => {
      const x = math.bignumber(at[i]);
      const w = math
        .sqrt(math.bignumber(2).div(math.acos(math.bignumber(-1))))
        .times(x.plus(x.pow(3).times('0.044715')));
      const exact = x.times(w.tanh().plus(1)).div(2);
      // 2w, to 300, carries a rounding or two, and the value as much relative to it.
      expect(math.bignumber(y).div(exact).minus(1).abs().toNumber()).toBeLessThan(4 * 300 * Number.EPSILON);
    });
  });

  it('is relu, with its derivatives, where cubes overflow', () => {
    const [y, slope, bend] = interpret(
      graph,
      { z: [1e30, -1e30, 1e160, -1e160, 1e300, -1e300], v: Array(6).fill(1) },
      2,
    );
    expect([...y!.data].map((x) => x + 0)).toEqual([1e30, 0, 1e160, 0, 1e300, 0]);
    expect([...slope!.data].map((x) => x + 0)).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...bend!.data].every((x) => x === 0)).toBe(true);
  });

  it('meets relu without a step at the end of its reach', () => {
    const [y, slope, bend] = interpret(
      graph,
      { z: [21.999, 22, 22.001, -21.999, -22, -22.001], v: Array(6).fill(1) },
      2,
    );
    [21.999, 22, 22.001, 0, 0, 0].forEach((x, i) => {
      expect(Math.abs(y!.data[i]! - x)).toBeLessThan(1e-300);
      expect(Math.abs(slope!.data[i]! - Number(x > 0))).toBeLessThan(1e-300);
      expect(Math.abs(bend!.data[i]!)).toBeLessThan(1e-300);
    });
  });
});

describe('normalise', () => {
  it('is (x − mean)/√(variance + ε), and finite at variance 0', () => {
    const [mean, variance] = [input('mean', [3]), input('variance', [3])];
    const y = normalise(z, mean, variance, 0.25);
    expect(entriesOf(y, { z: [1, 2, 3], mean: [0, 2, 1], variance: [0, 0, 3.75] })).toEqual([2, 0, 1]);
  });
});

describe('geluErf and silu', () => {
  it('take the values of their definitions', () => {
    // x Φ(x) of standard normal tables: Φ(1) = 0.8413447460685429, Φ(−2) = 0.0227501319481792.
    const [one, minusTwo, zero] = entriesOf(geluErf(z), { z: [1, -2, 0] });
    expect(Math.abs(one! - 0.8413447460685429)).toBeLessThan(1e-15);
    expect(Math.abs(minusTwo! + 2 * 0.0227501319481792)).toBeLessThan(1e-15);
    expect(zero).toBe(0);
    const at = [1, -2, 40];
    entriesOf(silu(z), { z: at }).forEach((y, i) => {
      expect(Math.abs(y - at[i]! / (1 + Math.exp(-at[i]!)))).toBeLessThan(1e-15);
    });
  });
});

describe('power', () => {
  it('is the operation that there is for it, where there is one', () => {
    expect([0.5, 1, -1, 2, 0].map((p) => power(z, p).operation.kind)).toEqual([
      'sqrt',
      'input',
      'reciprocal',
      'multiply',
      'broadcast',
    ]);
    expect(entriesOf(power(z, 3), { z: [2, -3, 0] })).toEqual([8, -27, 0]);
  });
});

describe('maximum and minimum', () => {
  it('give their derivative to the one that is taken, the second of two equal ones', () => {
    const [a, b] = [input('a', [3]), input('b', [3])];
    const bindings = { a: [1, 2, 3], b: [3, 2, 1] };
    const slopes = (f: Tensor): number[][] => gradient(total(f), [a, b]).map((g) => entriesOf(g!, bindings));
    expect(entriesOf(maximum(a, b), bindings)).toEqual([3, 2, 3]);
    expect(entriesOf(minimum(a, b), bindings)).toEqual([1, 2, 1]);
    expect(slopes(maximum(a, b))).toEqual([
      [0, 0, 1],
      [1, 1, 0],
    ]);
    expect(slopes(minimum(a, b))).toEqual([
      [1, 0, 0],
      [0, 1, 1],
    ]);
  });
});

describe('where', () => {
  it('does not look at what is not taken: no 0 · ∞ in values, slopes and curvature', () => {
    const [mask, other, v] = [input('mask', [3]), input('other', [3]), input('v', ['n', 3])];
    const y = where(mask, z, other);
    const bindings = { z: [4, Infinity, NaN], other: [-Infinity, 2, 3], mask: [1, 0, 0], v: [1, 1, 1] };
    const slopes = gradient(total(multiply(y, multiply(y, y))), [z, other]);
    expect(entriesOf(y, bindings)).toEqual([4, 2, 3]);
    expect(slopes.map((g) => entriesOf(g!, bindings))).toEqual([
      [48, 0, 0],
      [0, 12, 27],
    ]);
    expect(entriesOf(tangent(slopes, new Map([[z, v]]))[0]!, bindings)).toEqual([24, 0, 0]);
  });
});

describe('softmax of masked scores', () => {
  it.each(['f32', 'f64'] as const)(
    'has neither values nor derivatives that are not numbers, in %s',
    async (precision) => {
      const [mask, v] = [input('mask', [3]), input('v', ['n', 3])];
      const masked = [where(mask, z, constant(-Infinity)), add(z, input('bias', [3]))].map((scores) => {
        const y = softmax(scores);
        const slopes = gradient(total(multiply(y, multiply(y, z))), [z]);
        return [y, slopes[0]!, tangent(slopes, new Map([[z, v]]))[0]!] as const;
      });
      const outputs = Object.fromEntries(masked.flat().map((y, i) => [`${i}`, y]));
      const bindings = { z: [1, 2, 900, -1, 0.5, 3], v: [1, 2, 3, 4, 5, 6], mask: [1, 1, 0], bias: [0, 0, -Infinity] };
      const reference = interpret(Object.values(outputs), bindings, 2);
      const program = await compile(await nativeRuntime(), outputs, { precision });
      const Numbers = precision === 'f32' ? Float32Array : Float64Array;
      const given = Object.fromEntries(Object.entries(bindings).map(([name, data]) => [name, Numbers.from(data)]));
      const result = await program.run(given, 2);
      await program.release();
      reference.forEach(({ data }, i) => {
        data.forEach((y, j) => {
          expect(Math.abs(result[`${i}`]![j]! - y)).toBeLessThan(precision === 'f32' ? 1e-5 : 1e-14);
        });
      });
      expect([result['0']![2], result['3']![5]]).toEqual([0, 0]);
    },
  );
});
