import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../../errors.js';
import { readBytes } from '../../../files/read-bytes.js';
import { parseSafetensors } from '../../../files/safetensors.js';
import { formatSealed, sealProblem } from '../../../files/sealed-tensors.js';
import { blockLanczosAsync } from '../../../numeric/lanczos/block-lanczos.js';
import type { EigenPairs } from '../../../numeric/lanczos/eigen-pairs.js';
import { eigenspaceTilt, type TiltEvidence } from '../../../numeric/lanczos/eigenspace-tilt.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import type { TrainConfig } from '../../../train/train-config.js';
import { trainProblem, type TrainProblem } from '../../../train/train-problem.js';
import { readWeights, weightsFile } from '../../../train/weights-file.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { Probe, ProbeContext } from '../engine/probe.js';

export interface SubspaceOverlapsArguments {
  readonly config: TrainConfig;
  /** The run with the weights. */
  readonly run: string;
  /** At which it kept weights, ascending. */
  readonly steps: readonly number[];
  readonly m: number;
  /** Residual over ‖H‖ of the eigenvectors. */
  readonly tolerance: number;
}

/** One pair of steps a ≤ b, by their places in `steps`. */
export interface StepPair {
  readonly a: number;
  readonly b: number;
  /** Overlap of eigenvectors 1 … m, of m + 1 … 2m, as intervals in which it certainly lies. */
  readonly top: OverlapInterval;
  readonly next: OverlapInterval;
  /** (1/m) Σ (v_i(a) · v_i(b))² over the top m: how far single eigenvectors are the same. */
  readonly single: OverlapInterval;
}

export type OverlapInterval = readonly [number, number];

export interface SubspaceOverlaps {
  readonly steps: readonly number[];
  readonly parameters: number;
  readonly eigenvalues: readonly (readonly number[])[];
  readonly pairs: readonly StepPair[];
}

type Pairs = Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'residuals'> & Pick<TiltEvidence, 'ceilings'>;

/**
 * overlap(V, V′) = Tr(P P′)/m of the top m Hessian eigenvectors, and of the next m, between all pairs of steps of a run (GRD18, Eq. (4), Fig. 2),
 * each with a bound on what the residuals of the eigenvectors may change in it (`eigenspaceTilt`). Cost: 2m + 1 eigenpairs for each step; they are kept until all are there.
 */
export const subspaceOverlaps: Probe<SubspaceOverlapsArguments, SubspaceOverlaps> = {
  name: 'subspace-overlaps',
  revision: 3,
  async run(args, context) {
    const { config, steps, m } = args;
    const problem = await trainProblem(config, context.runtime, { signal: context.signal });
    try {
      const found: Pairs[] = [];
      for (const step of steps) {
        context.signal.throwIfAborted();
        found.push(await pairsAt(step, args, problem, context));
        context.onProgress(found.length / steps.length);
      }
      const pairs = found.flatMap((late, b) =>
        found.slice(0, b + 1).map((early, a): StepPair => ({
          a,
          b,
          top: overlapOf(early, late, 0, m),
          next: overlapOf(early, late, m, 2 * m),
          single: singleOverlap(early, late, m),
        })),
      );
      return {
        steps,
        parameters: problem.run.parameters,
        eigenvalues: found.map(({ values }) => [...values]),
        pairs,
      };
    } finally {
      await problem.release();
    }
  },
};

/** The eigenpairs at a step, from the scratch folder where they are there already. */
async function pairsAt(
  step: number,
  args: SubspaceOverlapsArguments,
  problem: TrainProblem,
  { weightsOf, scratch }: ProbeContext,
): Promise<Pairs> {
  const { config, run, m, tolerance } = args;
  const of = JSON.stringify({ step, ...args });
  const path = join(scratch, `step-${step}.safetensors`);
  if (!existsSync(path)) {
    const { parameters, statistics } = readWeights(
      weightsOf({ key: run }, weightsFile(step)),
      problem.shape,
      config.precision,
    );
    const hessian = problem.objective.curvature('hessian', problem.reduce(parameters), { statistics });
    const { values, vectors, rounding, ...found } = await blockLanczosAsync(hessian, {
      count: Math.min(2 * m + 1, hessian.dimension),
      tolerance,
      blockSize: 1,
      verify: false,
      seed: config.seed,
    });
    const residuals = found.residuals.map((r) => r + rounding);
    const tensors = new Map(
      Object.entries({ values, vectors, residuals, ceilings: found.outer }).map(([name, data]) => [
        name,
        { shape: [data.length], data },
      ]),
    );
    writeAtomically(path, formatSealed(tensors, new Map([['of', of]])));
  }
  const wayOut = 'remove it to compute it again';
  const bytes = readBytes(path, wayOut);
  const { tensors, metadata } = parseSafetensors(bytes, path);
  const damage = sealProblem(bytes, metadata) ?? (metadata.get('of') === of ? undefined : 'it is of another task');
  if (damage !== undefined) throw new DataError(`${path}: ${damage}; ${wayOut}`);
  const part = (name: string): Float64Array => tensors.get(name)!.data as Float64Array;
  const [values, vectors] = [part('values'), part('vectors')];
  return {
    dimension: vectors.length / values.length,
    values,
    vectors,
    residuals: part('residuals'),
    ceilings: part('ceilings'),
  };
}

/** Tr(P P′)/(to − from) of eigenvectors from + 1 … to. */
function overlapOf(a: Pairs, b: Pairs, from: number, to: number): OverlapInterval {
  if (a === b) return [1, 1];
  let trace = 0;
  for (let i = from; i < to; i++) for (let j = from; j < to; j++) trace += inner(a, i, b, j) ** 2;
  return around(trace, eigenspaceTilt(a, from, to) + eigenspaceTilt(b, from, to), to - from);
}

function singleOverlap(a: Pairs, b: Pairs, m: number): OverlapInterval {
  if (a === b) return [1, 1];
  let [sum, tilt] = [0, 0];
  for (let i = 0; i < m; i++) {
    sum += inner(a, i, b, i) ** 2;
    tilt += Math.min(1, eigenspaceTilt(a, i, i + 1) + eigenspaceTilt(b, i, i + 1));
  }
  return around(sum, tilt, m);
}

function inner({ vectors: u, dimension: n }: Pairs, i: number, { vectors: v }: Pairs, j: number): number {
  return dot(u, i * n, v, j * n, n);
}

function around(trace: number, error: number, m: number): OverlapInterval {
  return [Math.max(0, (trace - error) / m), Math.min(1, (trace + error) / m)];
}
