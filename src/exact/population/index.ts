export { mixtureFromGram, type MixtureModel } from './mixture-model.js';
export { populationPoint, type PopulationPoint } from './population-point.js';
export { shiftedLattices, tensorHermite, type Quadrature } from './quadrature.js';
