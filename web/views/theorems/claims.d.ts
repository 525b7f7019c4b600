declare module 'virtual:claims' {
  import type { StatedClaim } from '../../../theory/claims.js';
  export const claims: readonly StatedClaim[];
}
