export { compare, judgeComparison, type CompareProgress } from './compare.js';
export type { CompareCell, CompareDocument, ComparedObservable, OrderOfConvergence, WrongTheory } from './document.js';
export { comparedObservables, type ObservableName } from './observables.js';
export { compareDefaults, type CompareSettings } from './settings.js';
