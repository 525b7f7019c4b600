import { classMatrix, oneTo, type Content, type Definition, type Named, type CheckedStep } from './content.js';
import { anyGradient, gradientSteps, lineEntries, lineGradientSteps } from './gradient.js';
import { anyDefinitions, lineDefinitions, logits, margin } from './places.js';
import { derivative } from '../exact/identity.js';
import { at, lineStep } from './softmax-derivatives.js';
import { levels } from './spectrum.js';

const rule: readonly Named[] = [
  { name: 'eta', meaning: 'learning rate η' },
  { name: 'b', meaning: 'batch size' },
];

/** Entries of C between (c, a) and (c′, b) on the line, by which classes are equal. */
const entries = {
  sameTrue: '(k - 1)*epsilon^2/k^2',
  sameMixed: '-epsilon^2/k^2',
  sameWrong: 'epsilon^2/(k^2*(k - 1))',
  crossTrue: '-epsilon^2/k^2',
  crossMixed: 'epsilon^2/(k^2*(k - 1))',
  crossWrong: '-epsilon^2/(k^2*(k - 1)^2)',
};
const level = 'epsilon^2/(k - 1)';
const atRest = 'eta*epsilon/(b*(1 - epsilon)*(2 - eta*lambda_1))';
const slow = 'eta*epsilon/(2*b*(1 - epsilon))';
const alongFlow = 'eta*epsilon^2*t/(b*(k - 1))';

const inVariables = { epsilon: 'e', lambda_1: 'l', b: '1' };

const [G, g] = [lineEntries, { a: '(-epsilon)', c: '(epsilon/(k - 1))' }];
const same = (x: string, y: string, product: string): string => `${x}*${y}/k - (${product})`;

const steps: readonly CheckedStep[] = [
  ...gradientSteps,
  ...lineGradientSteps,
  lineStep('within a class of inputs: ∂ℓ_a∂ℓ_a/k − G_aa²', same(g.a, g.a, `(${G.a})^2`), entries.sameTrue),
  lineStep('within a class of inputs: ∂ℓ_a∂ℓ_c/k − G_aa G_ca', same(g.a, g.c, `(${G.a})*(${G.c})`), entries.sameMixed),
  lineStep('within a class of inputs: ∂ℓ_c∂ℓ_c′/k − G_ca²', same(g.c, g.c, `(${G.c})^2`), entries.sameWrong),
  lineStep('between classes of inputs: −G_aa G_bb', `-(${G.a})^2`, entries.crossTrue),
  lineStep('between classes of inputs: −G_aa G_cb', `-(${G.a})*(${G.c})`, entries.crossMixed),
  lineStep('between classes of inputs: −G_ca G_c′b', `-(${G.c})^2`, entries.crossWrong),
  // V_a = (k e_a − 1) ⊗ μ_a: C V_a − C V_b has, on the true entry of block a, the rows of C within and between.
  lineStep(
    'C is c = ε²/(k−1) on the differences V_a − V_b of V_a = (k e_a − 1) ⊗ μ_a: row of the true class',
    `(k - 1)*(${entries.sameTrue}) - (k - 1)*(${entries.sameMixed}) - (k - 1)*(${entries.crossTrue}) + (k - 1)*(${entries.crossMixed})`,
    `(${level})*(k - 1)`,
  ),
  lineStep(
    'C is c on V_a − V_b: row of another class',
    `(k - 1)*(${entries.sameMixed}) - (k - 1)*(${entries.sameWrong}) - (k - 1)*(${entries.crossMixed}) + (k - 1)*(${entries.crossWrong})`,
    `-(${level})`,
  ),
  lineStep(
    'C has no other eigenvalue than c, (k−1)-fold, and 0: its trace is (k−1)c',
    `k*(${entries.sameTrue}) + k*(k - 1)*(${entries.sameWrong})`,
    `(k - 1)*(${level})`,
  ),
  {
    statement: 'v = ηc/(bλ(2−ηλ)) is the fixed point of v ← (1−ηλ)² v + η²c/b, with l for λ and b = 1',
    identity: 'eta*c/(l*(2 - eta*l))*(1 - (1 - eta*l)^2) - eta^2*c',
    variables: ['eta', 'l', 'c'],
    degree: 5,
  },
  {
    statement: 'it is v at rest for c = ε²/(k−1) and λ = λ₁, with e for ε, l for λ₁ in 2 − ηλ₁, and b = 1',
    identity: at(`(${atRest})*(${levels.first})*(2 - eta*lambda_1) - eta*(${level})`, inVariables),
    variables: ['e', 'l', 'eta', 'k'],
    degree: 4,
  },
  lineStep(
    'v at rest for ηλ₁ ≪ 1 is half of (η/b) c/λ₁',
    at(slow, { eta: '1', b: '1' }),
    `(${level})/(2*(${levels.first}))`,
  ),
  {
    statement:
      'v along the flow solves dv/dt = −2λ₁v + (η/b)c, from v = 0 at t = 0, with e for ε, dε/dt = −ε²(1−ε)/(k−1), and η/b = 1',
    identity: at(
      `(-epsilon^2*(1 - epsilon)/(k - 1))*(${derivative(alongFlow, 'epsilon')}) + (${derivative(alongFlow, 't')}) + 2*(${levels.first})*(${alongFlow}) - (${level})`,
      { ...inVariables, eta: '1' },
    ),
    variables: ['e', 't', 'k'],
    degree: 8,
  },
];

export function covarianceOnLine(k: number | 'k'): Content {
  const definitions: Definition[] = [
    ...lineDefinitions,
    {
      name: 'C_aa_aa',
      latex: 'C^{aa}_{aa}',
      meaning: 'C between entries (c, a) and (c′, b), classes c, c′ on inputs of classes a, b: of (a, a) with itself',
      value: entries.sameTrue,
    },
    { name: 'C_aa_ac', latex: 'C^{aa}_{ac}', meaning: 'C of (a, a) with (c, a), c ≠ a', value: entries.sameMixed },
    {
      name: 'C_aa_cc',
      latex: 'C^{aa}_{cc}',
      meaning: 'C of (c, a) with (c′, a), both ≠ a, equal or not',
      value: entries.sameWrong,
    },
    { name: 'C_ab_ab', latex: 'C^{ab}_{ab}', meaning: 'C of (a, a) with (b, b), a ≠ b', value: entries.crossTrue },
    { name: 'C_ab_ac', latex: 'C^{ab}_{ac}', meaning: 'C of (a, a) with (c, b), c ≠ b', value: entries.crossMixed },
    {
      name: 'C_ab_cc',
      latex: 'C^{ab}_{cc}',
      meaning: 'C of (c, a) with (c′, b), c ≠ a, c′ ≠ b',
      value: entries.crossWrong,
    },
  ];
  if (k !== 'k') {
    const kind = (a: number, b: number, c: number, d: number): string => {
      const wrong = Number(c !== a) + Number(d !== b);
      return `C_${a === b ? 'aa' : 'ab'}_${wrong === 0 ? (a === b ? 'aa' : 'ab') : wrong === 1 ? 'ac' : 'cc'}`;
    };
    definitions.push(...blocks(k, (a, b, c, d) => kind(a, b, c, d)));
  }
  return {
    summary:
      'the covariance C of the gradient of one sample on the symmetric line without noise in the data, and the variance that SGD’s noise of it leaves',
    assumptions: [
      'batches of b samples, drawn with replacement, no momentum: the noise of a batch has the covariance C/b',
      'v to leading order in η/b; v_rest with the margin held where it is, for ηλ₁ < 2: along the flow it is v_flow, late twice v_slow, since λ₁ falls as fast as it relaxes',
    ],
    references: ['theory/sgd-noise.md'],
    steps,
    parts: [
      { name: 'covariance', meaning: 'C on the line', given: [margin], definitions },
      {
        name: 'noise',
        meaning: 'the eigenvalue of C, and the variances of the weights that the noise leaves',
        given: [margin, ...rule],
        definitions: [
          ...lineDefinitions,
          {
            name: 'c',
            meaning:
              'eigenvalue of C on the k−1 differences Σ_a v_a (k e_a − 1) ⊗ μ_a, Σv = 0, of λ₁’s eigenspace; C is 0 on everything else, the gradient too',
            value: level,
          },
          { name: 'rank', latex: '\\operatorname{rank} C', meaning: 'rank of C', value: 'k - 1' },
          { name: 'lambda_1', meaning: 'eigenvalue of H there', value: levels.first },
          {
            name: 'v_rest',
            latex: 'v_{\\mathrm{rest}}',
            meaning:
              'stationary variance of the weights in each of these directions, the margin held where it is; ηλ₁ < 2',
            value: atRest,
          },
          { name: 'v_slow', latex: 'v_{\\mathrm{slow}}', meaning: 'the same for ηλ₁ ≪ 1', value: slow },
          { name: 't', meaning: 'flow time since W(0) = 0', value: 'expm1(alpha) + (k - 1)*alpha' },
          {
            name: 'v_flow',
            latex: 'v_{\\mathrm{flow}}',
            meaning: 'their variance along the flow from W(0) = 0, for ηλ₁ ≪ 1',
            value: alongFlow,
          },
        ],
      },
    ],
  };
}

export function covarianceAnywhere(k: number): Content {
  const G = anyGradient(k).flatMap((row, c) =>
    row.map((value, a) => ({
      name: `G_${c + 1}${a + 1}`,
      meaning: `entry of the gradient of class ${c + 1} on inputs of class ${a + 1}`,
      value,
    })),
  );
  const entry = (a: number, b: number, c: number, d: number): string =>
    a === b ? `(k - 1)*G_${c}${a}*G_${d}${b}` : `-G_${c}${a}*G_${d}${b}`;
  return {
    summary:
      'the covariance C = (1/k) Σ_a ∇ℓ_a∇ℓ_aᵀ − GGᵀ of the gradient of one sample at any weights, without noise in the data: all samples of a class are alike, ∇ℓ_a is k times column a of G',
    references: ['theory/sgd-noise.md'],
    steps: gradientSteps,
    parts: [
      {
        name: 'covariance',
        meaning: 'C at any weights',
        given: logits(k),
        definitions: [...anyDefinitions(k), ...G, ...blocks(k, entry)],
      },
    ],
  };
}

/** C_ab for each pair of classes of inputs, by its rows. */
const blocks = (k: number, entry: (a: number, b: number, c: number, d: number) => string): Definition[] =>
  oneTo(k).flatMap((a) =>
    oneTo(k).map((b) => ({
      name: `C_${a}${b}`,
      meaning: `covariance of the entries of inputs of class ${a}, a row for each class, with those of class ${b}, a column for each`,
      value: classMatrix(k, (c, d) => entry(a, b, c, d)),
    })),
  );
