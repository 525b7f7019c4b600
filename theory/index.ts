export * from './derive/index.js';
export { laws, type Laws } from './laws.js';
export type { Finding, Method, Theorem, Verdict } from './theorem.js';
export { theorems } from './theorems.js';
export { verify, type VerifiedTheorem, type VerifyDocument } from './verify.js';
