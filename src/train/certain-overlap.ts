import { eigenspaceTilt, type TiltEvidence } from '../numeric/lanczos/eigenspace-tilt.js';
import { cutAfter } from '../observe/multiplet.js';
import type { Spectrum } from '../observe/spectrum.js';
import type { SubspaceOverlap } from '../observe/subspace-overlap.js';

/** Eigenpairs as a spectrum, and what is known of their errors. */
export interface KnownPairs {
  readonly spectrum: Spectrum;
  readonly evidence: TiltEvidence;
}

/**
 * An overlap of the spans of eigenvectors from + 1 … to of two sets, over all choices at degenerate cuts, with what the residuals of the
 * vectors may change in it: each span that decides it (the part above a cut, the multiplet at it) by its `eigenspaceTilt`.
 */
export function certainOverlap(
  { lower, upper, gap }: SubspaceOverlap,
  both: readonly KnownPairs[],
  from: number,
  to: number,
): SubspaceOverlap {
  const error = both.reduce((sum, pairs) => sum + spanTilt(pairs, from, to), 0) / (to - from);
  return { lower: Math.max(0, lower - error), upper: Math.min(1, upper + error), gap };
}

function spanTilt({ spectrum, evidence }: KnownPairs, from: number, to: number): number {
  const known = spectrum.levels.length;
  const edges = [from, to].flatMap((m) => {
    if (m === 0 || m === spectrum.dimension) return [m];
    const { above, straddling } = cutAfter(spectrum, m);
    return [above, Math.min(straddling, known)];
  });
  let tilt = 0;
  for (let i = 1; i < edges.length; i++) {
    // A multiplet that may go on below the last pair has no lower edge; all of it is allowed for.
    const isOpen = edges[i] === known && known < spectrum.dimension;
    if (edges[i] === edges[i - 1] || isOpen) continue;
    // What goes down to the last is the complement of what is above, and turns as far.
    tilt +=
      edges[i] === spectrum.dimension
        ? eigenspaceTilt(evidence, 0, edges[i - 1]!)
        : eigenspaceTilt(evidence, edges[i - 1]!, edges[i]!);
  }
  return tilt;
}
