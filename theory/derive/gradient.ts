import { classMatrix, oneTo, type Content, type Definition } from './content.js';
import { anyDefinitions, lineDefinitions, logits, margin } from './places.js';
import { lineSlope, lineStep, slopeOfTrue, slopeOfWrong } from './softmax-derivatives.js';

/** Entries of G on the line: of the true class, and of another. */
export const lineEntries = { a: '-epsilon/k', c: 'epsilon/(k*(k - 1))' };

export const gradientSteps = [
  {
    statement: '∂ℓ/∂w_c = p_c for a wrong class c, with x = e^{w_c} and r the sum over the other classes',
    identity: `${slopeOfWrong} - x/(x + r)`,
    variables: ['x', 'r'],
    degree: 4,
  },
  {
    statement: '∂ℓ/∂w_a = −ε for the true class a, ε = 1 − p_a',
    identity: `${slopeOfTrue} + r/(x + r)`,
    variables: ['x', 'r'],
    degree: 4,
  },
];

export const lineGradientSteps = [
  lineStep('k G_aa = −ε on the line', lineSlope.a, `k*(${lineEntries.a})`),
  lineStep('k G_ca = ε/(k−1) on the line', lineSlope.c, `k*(${lineEntries.c})`),
];

/** G by its rows: the class of a row, the class of inputs of a column. */
export const anyGradient = (k: number): string[][] =>
  classMatrix(k, (c, a) => (c === a ? `-epsilon_${a}/k` : `p_${c}${a}/k`));

export function gradientOnLine(k: number | 'k'): Content {
  const definitions: Definition[] = [
    ...lineDefinitions,
    { name: 'L', meaning: 'the loss', value: 'log1p((k - 1)*exp(-alpha))' },
    { name: 'G_aa', meaning: 'entry of the true class, ∂L/∂w_aa', value: lineEntries.a },
    { name: 'G_ca', meaning: 'entry of another class, ∂L/∂w_ca, c ≠ a', value: lineEntries.c },
    { name: 'G_norm', latex: '\\lVert G\\rVert', meaning: 'norm of the gradient', value: 'epsilon/sqrt(k - 1)' },
  ];
  if (k !== 'k')
    definitions.push({
      name: 'G',
      meaning: 'the gradient on the means: a row for each class, a column for each class of inputs',
      value: classMatrix(k, (c, a) => (c === a ? lineEntries.a : lineEntries.c)),
    });
  return {
    summary: 'the gradient of the loss on the symmetric line, G = −(ε/(k−1)) B',
    steps: [
      ...gradientSteps,
      ...lineGradientSteps,
      lineStep(
        '‖G‖² = k G_aa² + k(k−1) G_ca² = ε²/(k−1)',
        `k*(${lineEntries.a})^2 + k*(k - 1)*(${lineEntries.c})^2`,
        'epsilon^2/(k - 1)',
      ),
      {
        statement: 'dL/dα = −ε of L = log(1 + (k−1)e^{−α}), with x = e^α: the slope along B, ⟨G, B⟩ = −ε',
        identity: 'x*(1/(x + k - 1) - 1/x) + (k - 1)/(x + k - 1)',
        variables: ['x', 'k'],
        degree: 4,
      },
    ],
    parts: [{ name: 'gradient', meaning: 'G on the line', given: [margin], definitions }],
  };
}

export function gradientAnywhere(k: number): Content {
  return {
    summary: 'the gradient of the loss at any weights, G_ca = (p_ca − δ_ca)/k',
    steps: gradientSteps,
    parts: [
      {
        name: 'gradient',
        meaning: 'G at any weights',
        given: logits(k),
        definitions: [
          ...anyDefinitions(k),
          ...oneTo(k).map((a) => ({
            name: `L_${a}`,
            meaning: `loss of an input of class ${a}`,
            value: `log(Z_${a}) - w_${a}${a}`,
          })),
          {
            name: 'L',
            meaning: 'the loss',
            value: `(${oneTo(k)
              .map((a) => `L_${a}`)
              .join(' + ')})/k`,
          },
          {
            name: 'G',
            meaning: 'the gradient on the means: a row for each class, a column for each class of inputs',
            value: anyGradient(k),
          },
        ],
      },
    ],
  };
}
