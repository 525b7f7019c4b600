import { classMatrix, oneTo, type Content, type Definition, type CheckedStep } from './content.js';
import { anyDefinitions, lineDefinitions, logits, margin } from './places.js';
import { curvature, lineCurvature, lineStep, mixedCurvature } from './softmax-derivatives.js';

/** Entries of S_a = diag(p) − ppᵀ on the line: of the true class a, of a and another, of another, of two others. */
const entries = {
  aa: 'epsilon*(1 - epsilon)',
  ac: '-epsilon*(1 - epsilon)/(k - 1)',
  cc: 'epsilon*(k - 1 - epsilon)/(k - 1)^2',
  cb: '-epsilon^2/(k - 1)^2',
};

export const curvatureSteps: readonly CheckedStep[] = [
  {
    statement: '∂²ℓ/∂w_c² = p_c (1 − p_c), with x = e^{w_c} and r the sum over the other classes',
    identity: `${curvature} - x*r/(x + r)^2`,
    variables: ['x', 'r'],
    degree: 6,
  },
  {
    statement: '∂²ℓ/∂w_b∂w_c = −p_b p_c, with y = e^{w_b}',
    identity: `${mixedCurvature} + x*y/(x + y + r)^2`,
    variables: ['x', 'y', 'r'],
    degree: 6,
  },
];

export const lineCurvatureSteps: readonly CheckedStep[] = [
  lineStep('S_aa = ε(1−ε) on the line', lineCurvature.aa, entries.aa),
  lineStep('S_ac = −ε(1−ε)/(k−1) on the line', lineCurvature.ac, entries.ac),
  lineStep('S_cc = ε(k−1−ε)/(k−1)² on the line', lineCurvature.cc, entries.cc),
  lineStep('S_cb = −ε²/(k−1)² on the line', lineCurvature.cb, entries.cb),
];

const blockMeaning = (a: number): string =>
  `block of the inputs of class ${a}: S_${a}/k, rows and columns are classes; H is 0 between blocks`;

export function hessianOnLine(k: number | 'k'): Content {
  const definitions: Definition[] = [
    ...lineDefinitions,
    {
      name: 'S_aa',
      meaning: 'second derivative of the loss of one input in the logit of its class a',
      value: entries.aa,
    },
    { name: 'S_ac', meaning: 'in the logits of its class a and of another, c', value: entries.ac },
    { name: 'S_cc', meaning: 'twice in the logit of another class', value: entries.cc },
  ];
  if (k !== 2) definitions.push({ name: 'S_cb', meaning: 'in the logits of two other classes', value: entries.cb });
  if (k !== 'k') {
    for (const a of oneTo(k))
      definitions.push({
        name: `H_${a}`,
        meaning: blockMeaning(a),
        value: classMatrix(k, (c, b) => `S_${c === b ? (c === a ? 'aa' : 'cc') : c === a || b === a ? 'ac' : 'cb'}/k`),
      });
  }
  return {
    summary:
      'the Hessian of the loss on the symmetric line, H = (1/k) Σ_a S_a ⊗ μ_aμ_aᵀ: a k×k block for each class of inputs',
    steps: [...curvatureSteps, ...lineCurvatureSteps],
    parts: [{ name: 'hessian', meaning: 'H on the line', given: [margin], definitions }],
  };
}

export function hessianAnywhere(k: number): Content {
  const entry = (a: number, c: number, b: number): string => {
    if (c !== b) return `-p_${c}${a}*p_${b}${a}/k`;
    return c === a ? `p_${c}${a}*epsilon_${a}/k` : `p_${c}${a}*(1 - p_${c}${a})/k`;
  };
  return {
    summary:
      'the Hessian of the loss at any weights, H = (1/k) Σ_a (diag(p_a) − p_a p_aᵀ) ⊗ μ_aμ_aᵀ: a k×k block for each class of inputs',
    steps: curvatureSteps,
    parts: [
      {
        name: 'hessian',
        meaning: 'H at any weights',
        given: logits(k),
        definitions: [
          ...anyDefinitions(k),
          ...oneTo(k).map((a) => ({
            name: `H_${a}`,
            meaning: blockMeaning(a),
            value: classMatrix(k, (c, b) => entry(a, c, b)),
          })),
        ],
      },
    ],
  };
}
