declare module 'virtual:claims' {
  export const claims: readonly import('../../../theory/claims.js').StatedClaim[];
}
