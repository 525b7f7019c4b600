import { oneTo, type Definition, type Named } from './content.js';

/** On the line everything is a function of the margin. */
export const margin: Named = { name: 'alpha', meaning: 'margin α: W = αB' };

export const lineDefinitions: readonly Definition[] = [
  {
    name: 'Z',
    meaning: 'sum of the exponentials of the logits of one input, over that of a wrong class',
    value: 'exp(alpha) + k - 1',
  },
  { name: 'epsilon', meaning: 'ε: probability of all wrong classes together', value: '(k - 1)/Z' },
];

/** The logits of all inputs: w_ca of class c on the mean of class a. */
export const logits = (k: number): Named[] =>
  oneTo(k).flatMap((c) =>
    oneTo(k).map((a) => ({ name: `w_${c}${a}`, meaning: `logit of class ${c} on the mean of class ${a}` })),
  );

/** Softmax of the logits, and what the wrong classes have of it: a sum, where 1 − p_aa would cancel. */
export function anyDefinitions(k: number): Definition[] {
  const classes = oneTo(k);
  return classes.flatMap((a) => [
    {
      name: `Z_${a}`,
      meaning: `sum of the exponentials of the logits of an input of class ${a}`,
      value: classes.map((c) => `exp(w_${c}${a})`).join(' + '),
    },
    ...classes.map((c) => ({
      name: `p_${c}${a}`,
      meaning: `probability of class ${c} for an input of class ${a}`,
      value: `exp(w_${c}${a})/Z_${a}`,
    })),
    {
      name: `epsilon_${a}`,
      meaning: `probability of all wrong classes for an input of class ${a}`,
      value: classes
        .filter((c) => c !== a)
        .map((c) => `p_${c}${a}`)
        .join(' + '),
    },
  ]);
}
