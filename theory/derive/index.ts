export * from './derivation.js';
export { derive, mostDerivedClasses } from './derive.js';
export { derivationFormats, type DerivationFormat } from './print.js';
