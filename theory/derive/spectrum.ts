import { oneTo, type Content, type Definition, type Named, type CheckedStep } from './content.js';
import { curvatureSteps, lineCurvatureSteps } from './hessian.js';
import { anyDefinitions, lineDefinitions, logits, margin } from './places.js';
import { lineCurvature, lineStep } from './softmax-derivatives.js';

/** λ₁, the gradient's level, and λ₂, that of the mini-bulk. */
export const levels = { first: 'epsilon*(1 - epsilon)/(k - 1)', second: 'epsilon/(k*(k - 1))' };

const { aa, ac, cc, cb } = lineCurvature;
const steps: readonly CheckedStep[] = [
  ...curvatureSteps,
  ...lineCurvatureSteps,
  lineStep(
    'S (k e_a − 1) = kλ₁ (k e_a − 1): row of the true class',
    `(k - 1)*(${aa}) - (k - 1)*(${ac})`,
    `k*(${levels.first})*(k - 1)`,
  ),
  lineStep(
    'S (k e_a − 1) = kλ₁ (k e_a − 1): row of another class',
    `(k - 1)*(${ac}) - (${cc}) - (k - 2)*(${cb})`,
    `-k*(${levels.first})`,
  ),
  lineStep('S (e_c − e_b) = kλ₂ (e_c − e_b), b and c wrong: row of c', `(${cc}) - (${cb})`, `k*(${levels.second})`),
  lineStep('S 1 = 0: row of the true class', `(${aa}) + (k - 1)*(${ac})`, '0'),
  lineStep('S 1 = 0: row of another class', `(${ac}) + (${cc}) + (k - 2)*(${cb})`, '0'),
];

const argument: Named = { name: 'y', meaning: 'argument of the characteristic polynomial' };

/** Integer, orthogonal eigenvectors of the block of class a: of λ₁, of λ₂ (k−2 of them), of 0. */
function eigenvectors(k: number, a: number): string[][] {
  const wrong = oneTo(k).filter((c) => c !== a);
  const row = (entry: (c: number) => number): string[] => oneTo(k).map((c) => String(entry(c)));
  return [
    row((c) => (c === a ? k - 1 : -1)),
    ...wrong.slice(1).map((b, i) => row((c) => (c === b ? -(i + 1) : c !== a && c < b ? 1 : 0))),
    row(() => 1),
  ];
}

export function spectrumOnLine(k: number | 'k'): Content {
  const miniBulk = (...definitions: Definition[]): Definition[] => (k === 2 ? [] : definitions);
  const levelDefinitions: Definition[] = [
    { name: 'lambda_1', meaning: 'level of the gradient: (k e_a − 1) ⊗ μ_a for every class a', value: levels.first },
    ...miniBulk({
      name: 'lambda_2',
      meaning: 'level of the mini-bulk: v ⊗ μ_a, v on the wrong classes, Σv = 0',
      value: levels.second,
    }),
  ];
  const vectors =
    k === 'k'
      ? []
      : oneTo(k).map((a) => ({
          name: `E_${a}`,
          meaning: `eigenvectors in the block of inputs of class ${a}, a row each: of lambda_1, ${k > 2 ? 'of lambda_2, ' : ''}and of 0`,
          value: eigenvectors(k, a),
        }));
  return {
    summary:
      'the spectrum of the Hessian on the symmetric line: λ₁ k-fold, with the gradient; λ₂ k(k−2)-fold; 0 for the rest, k-fold on the means, k(d−k+1)-fold in all d features',
    assumptions: ['with biases the levels are others'],
    steps,
    parts: [
      {
        name: 'spectrum',
        meaning: 'levels, multiplicities and eigenvectors of H on the line',
        given: [margin],
        definitions: [
          ...lineDefinitions,
          ...levelDefinitions,
          { name: 'm_1', meaning: 'multiplicity of lambda_1', value: 'k' },
          ...miniBulk(
            { name: 'm_2', meaning: 'multiplicity of lambda_2', value: 'k*(k - 2)' },
            {
              name: 'ratio',
              latex: '\\lambda_{1} / \\lambda_{2}',
              meaning: 'ratio of the levels: from 1 at α = 0 to k',
              value: 'k*(1 - epsilon)',
            },
          ),
          { name: 'm_0', meaning: 'multiplicity of 0 on the means', value: 'k' },
          ...vectors,
        ],
      },
      {
        name: 'characteristic_polynomial',
        meaning: 'det(y − H) on the k² coordinates of the means',
        given: [margin, argument],
        definitions: [
          ...lineDefinitions,
          ...levelDefinitions,
          {
            name: 'chi',
            meaning: 'det(y − H)',
            value: `y^k*(y - lambda_1)^k${k === 2 ? '' : '*(y - lambda_2)^(k*(k - 2))'}`,
          },
        ],
      },
    ],
  };
}

export function spectrumAnywhere(k: number): Content {
  const classes = oneTo(k);
  const symmetric = (a: number, m: number): Definition => ({
    name: `e${m}_${a}`,
    latex: `e_{${m},${a}}`,
    meaning: `elementary symmetric polynomial of degree ${m} of the probabilities for an input of class ${a}`,
    value: subsets(k, m)
      .map((one) => one.map((c) => `p_${c}${a}`).join('*'))
      .join(' + '),
  });
  const shared = [...anyDefinitions(k), ...classes.flatMap((a) => classes.slice(1).map((m) => symmetric(a, m)))];
  const discriminant = (a: number): Definition => {
    const [first, second, third] = subsets(3, 2).map((pair) => pair.map((c) => `p_${c}${a}`).join('*'));
    return {
      name: `D_${a}`,
      meaning: `e2² − 3e3 of class ${a} as a sum of squares: none is lost where all its probabilities are alike`,
      value: `((${first!} - ${second!})^2 + (${second!} - ${third!})^2 + (${third!} - ${first!})^2)/2`,
    };
  };
  const level = (a: number, sign: string): Definition =>
    k === 2
      ? {
          name: `lambda_${a}`,
          meaning: `positive eigenvalue of H in the block of inputs of class ${a}`,
          value: `e2_${a}`,
        }
      : {
          name: `lambda_${a}${sign}`,
          latex: `\\lambda_{${a}${sign === 'p' ? '+' : '-'}}`,
          meaning: `the ${sign === 'p' ? 'larger' : 'smaller'} positive eigenvalue of H in the block of inputs of class ${a}`,
          value: sign === 'p' ? `(e2_${a} + sqrt(D_${a}))/3` : `e3_${a}/(3*lambda_${a}p)`,
        };
  const roots =
    k === 2
      ? classes.map((a) => level(a, ''))
      : classes.flatMap((a) => [discriminant(a), level(a, 'p'), level(a, 'm')]);
  return {
    summary:
      'the spectrum of the Hessian at any weights: by blocks, k times the eigenvalues of the block of class a are the roots of y^k − 2e₂y^{k−1} + 3e₃y^{k−2} − …, e_m the elementary symmetric polynomials of its probabilities; closed forms for k = 2 and 3',
    references: [
      'matrix determinant lemma: the principal minors of diag(p) − ppᵀ are Π_I p (1 − Σ_I p), whose sum over all I of m classes is (m+1) e_{m+1}',
    ],
    steps: [
      ...curvatureSteps,
      {
        statement:
          'principal minor of m classes with P = Π_I p, q = Σ_I p: det(diag(p)) (1 − Σ_I p²/p) = P (1 − q), and 1 − q is the sum of the other p, r where all are q + r = 1',
        identity: 'P*(1 - q) - P*r - P*(1 - q - r)',
        variables: ['P', 'q', 'r'],
        degree: 2,
      },
      ...(k === 3
        ? [
            {
              statement:
                'e₂² − 3e₁e₃ is a sum of squares for k = 3, with p, q, r for the probabilities, whose sum e₁ is 1',
              identity:
                '((p*q - p*r)^2 + (p*r - q*r)^2 + (q*r - p*q)^2)/2 - ((p*q + p*r + q*r)^2 - 3*(p + q + r)*p*q*r)',
              variables: ['p', 'q', 'r'],
              degree: 4,
            },
            {
              statement:
                'the product of the roots for k = 3, with s for the square root: (e₂ + s)/3 · (e₂ − s)/3 = e₃/3 where s² = e₂² − 3e₃',
              identity: '(e - s)/3 - (e^2 - s^2)/3/(3*((e + s)/3))',
              variables: ['e', 's'],
              degree: 3,
            },
          ]
        : []),
    ],
    parts: [
      ...(k > 3
        ? []
        : [
            {
              name: 'spectrum',
              meaning: 'positive eigenvalues of H at any weights',
              given: logits(k),
              definitions: [...shared, ...roots],
            },
          ]),
      {
        name: 'characteristic_polynomial',
        meaning: 'det(y − kH) in each block, whose roots are k times the eigenvalues of H',
        given: [...logits(k), argument],
        definitions: [
          ...shared,
          ...classes.map((a) => ({
            name: `chi_${a}`,
            meaning: `det(y − kH) in the block of inputs of class ${a}`,
            value: [
              `y^${k}`,
              ...classes.slice(1).map((m) => `${m % 2 === 0 ? '-' : '+'} ${m}*e${m}_${a}*y^${k - m + 1}`),
            ].join(' '),
          })),
        ],
      },
    ],
  };
}

/** All sets of m of the classes 1 … k. */
function subsets(k: number, m: number, from = 1): number[][] {
  if (m === 0) return [[]];
  return oneTo(k)
    .filter((c) => c >= from)
    .flatMap((c) => subsets(k, m - 1, c + 1).map((rest) => [c, ...rest]));
}
