import { classMatrix, oneTo, type Content, type Definition, type Named } from './content.js';
import { anyGradient, gradientSteps, lineEntries, lineGradientSteps } from './gradient.js';
import { anyDefinitions, lineDefinitions, logits, margin } from './places.js';
import { lineStep } from './softmax-derivatives.js';

const rate = 'epsilon/(k - 1)';
const time: Named = { name: 't', meaning: 'flow time from W(0) = 0' };

/** ω + ln ω = u by Newton's method from below, where it is monotone: six steps reach the last digit. */
const newton = 6;
const odds: readonly Definition[] = [
  { name: 'u', meaning: 'ω + ln ω', value: '(t + 1)/(k - 1) - log(k - 1)' },
  { name: 'omega_0', meaning: 'below ω', value: 'u > 1 ? u - log(u) : exp(u - 1)' },
  ...Array.from({ length: newton }, (_, i) => ({
    name: `omega_${i + 1}`,
    meaning: `Newton’s step ${i + 1} towards ω`,
    value: `omega_${i}*(1 + u - log(omega_${i}))/(1 + omega_${i})`,
  })),
  { name: 'omega', meaning: 'odds (1−ε)/ε = e^α/(k−1), the Wright omega function of u', value: `omega_${newton}` },
];

export function flowOnLine(): Content {
  return {
    summary:
      'gradient flow from W(0) = 0: it stays on the line, dα/dt = ε/(k−1), e^α + (k−1)α = t + 1, and the odds are the Wright omega function, ω + ln ω = (t+1)/(k−1) − ln(k−1)',
    assumptions: ['W(0) = 0'],
    references: ['Corless & Jeffrey, The Wright ω function, 2002'],
    steps: [
      ...gradientSteps,
      ...lineGradientSteps,
      lineStep('−G = (dα/dt) B: entry of the true class, 1 − 1/k of B', `-(${lineEntries.a})`, `(${rate})*(1 - 1/k)`),
      lineStep('−G = (dα/dt) B: entry of another class, −1/k of B', `-(${lineEntries.c})`, `(${rate})*(-1/k)`),
      lineStep('dt/dα = e^α + k − 1 is 1/(dα/dt), and t = 0 at α = 0', 'x + k - 1', `1/(${rate})`),
      lineStep('ω = e^α/(k−1) is (1−ε)/ε', 'x/(k - 1)', '(1 - epsilon)/epsilon'),
      lineStep('d(ω + ln ω)/dα = ω + 1 is (dt/dα)/(k−1)', 'x/(k - 1) + 1', '(x + k - 1)/(k - 1)'),
      {
        statement: 'Newton’s step for ω + ln ω = u with l for ln ω: ω − (ω + l − u)/(1 + 1/ω)',
        identity: 'w - (w + l - u)/(1 + 1/w) - w*(1 + u - l)/(1 + w)',
        variables: ['w', 'l', 'u'],
        degree: 4,
      },
    ],
    parts: [
      {
        name: 'flow',
        meaning: 'the flow at a margin',
        given: [margin],
        definitions: [
          ...lineDefinitions,
          { name: 'dalpha_dt', latex: '\\frac{d\\alpha}{dt}', meaning: 'velocity of the margin', value: rate },
          {
            name: 't',
            meaning: 'flow time at which the margin is α: e^α + (k−1)α = t + 1',
            value: 'expm1(alpha) + (k - 1)*alpha',
          },
          {
            name: 'dL_dt',
            latex: '\\frac{dL}{dt}',
            meaning: 'velocity of the loss, −‖G‖²',
            value: '-epsilon^2/(k - 1)',
          },
        ],
      },
      {
        name: 'flow_at_time',
        meaning: 'the flow at a time',
        given: [time],
        definitions: [
          ...odds,
          { name: 'epsilon', meaning: 'ε: probability of all wrong classes together', value: '1/(1 + omega)' },
          { name: 'alpha', meaning: 'margin α = ln((k−1)ω): W = αB', value: 'log((k - 1)*omega)' },
          { name: 'L', meaning: 'the loss', value: 'log1p(1/omega)' },
        ],
      },
    ],
  };
}

export function flowAnywhere(k: number): Content {
  const energy = (a: number): Definition => ({
    name: `r_${a}`,
    meaning: `‖p − e_a‖² of an input of class ${a}`,
    value: oneTo(k)
      .map((c) => (c === a ? `epsilon_${a}^2` : `p_${c}${a}^2`))
      .join(' + '),
  });
  const energies = oneTo(k)
    .map((a) => `r_${a}`)
    .join(' + ');
  return {
    summary:
      'gradient flow from any weights, dw_ca/dt = (δ_ca − p_ca)/k: each class of inputs moves on its own, and Σ_c w_ca does not change',
    steps: [
      ...gradientSteps,
      {
        statement: 'Σ_c dw_ca/dt = 0: ε − Σ_{c≠a} p_c, with x = e^{w_a} and r the sum over the other classes',
        identity: 'r/(x + r) - (1 - x/(x + r))',
        variables: ['x', 'r'],
        degree: 3,
      },
    ],
    parts: [
      {
        name: 'flow',
        meaning: 'velocities at any weights',
        given: logits(k),
        definitions: [
          ...anyDefinitions(k),
          {
            name: 'dw_dt',
            latex: '\\frac{dw}{dt}',
            meaning: 'velocity of the logits: a row for each class, a column for each class of inputs',
            value: classMatrix(k, (c, a) => `-(${anyGradient(k)[c - 1]![a - 1]!})`),
          },
          ...oneTo(k).map(energy),
          {
            name: 'dL_dt',
            latex: '\\frac{dL}{dt}',
            meaning: 'velocity of the loss, −‖G‖²',
            value: `-(${energies})/k^2`,
          },
        ],
      },
    ],
  };
}
