export { compare, judgeComparison, type CompareProgress } from './compare.js';
export type { CompareCell, CompareDocument, ComparedObservable, OrderOfConvergence, WrongTheory } from './document.js';
export { comparedObservables, type ObservableName } from './observables.js';
export { compareDefaults, type CompareSettings } from './settings.js';
export { compareSgdNoise, judgeSgdNoises, type SgdNoiseDocument } from './sgd-noise.js';
export type { RejectedNoise, SgdNoiseCell, SgdNoiseRow } from './sgd-noise-cell.js';
export { sgdNoiseDefaults, type SgdNoiseSettings } from './sgd-noise-settings.js';
