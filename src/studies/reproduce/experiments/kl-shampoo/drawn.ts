import type { FactorCase } from '../../../../../figures/spike-and-flat.js';
import { flatnessCosts } from '../../../../observe/spike-and-flat.js';
import type { ModelFactors } from '../../probes/model-factors.js';
import type { LayerFactors } from '../../probes/shampoo-factors.js';
import { closedSpectrum } from './findings.js';
import { factorModel } from './tasks.js';

const drawnSpectrum = (name: string, eigenvalues: readonly number[], rank: number) => ({
  name,
  rank,
  eigenvalues: eigenvalues.map((x) => x / eigenvalues[0]!),
  costs: flatnessCosts(eigenvalues),
});

/** Both factors of the hidden layer. */
export function networkCase({ kl, shampoo }: LayerFactors): FactorCase {
  return {
    name: 'MNIST, hidden layer',
    about: 'KL-Shampoo’s factors, FC 2×100, the hidden 100 × 100 layer after 1000 steps',
    spectra: [
      drawnSpectrum('inputs', kl.right.eigenvalues, kl.right.classes),
      drawnSpectrum('outputs', kl.left.eigenvalues, kl.left.classes),
    ],
    beside: drawnSpectrum('Shampoo, inputs', shampoo.right.eigenvalues, shampoo.right.classes),
  };
}

/** The factor of the features, beside its closed form. */
export function modelCase({ relativeMargin, eigenvalues, predicted }: ModelFactors): FactorCase {
  const { classes: k, dim, noise } = factorModel;
  return {
    name: 'exact model',
    about: `k = ${k}, d = ${dim}, σ = ${noise}, α = ${relativeMargin} α*: Shampoo’s factor of the features, sampled`,
    spectra: [drawnSpectrum('inputs', eigenvalues, k)],
    beside: drawnSpectrum('closed form', closedSpectrum(predicted), k),
  };
}
