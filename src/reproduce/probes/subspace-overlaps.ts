import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSafetensors, parseSafetensors } from '../../data/safetensors.js';
import { blockLanczosAsync } from '../../numeric/block-lanczos.js';
import type { EigenPairs } from '../../numeric/eigen-pairs.js';
import { dot } from '../../numeric/orthonormalise.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import { subspaceOverlap, type Snapshot } from '../../observe/index.js';
import type { TrainConfig } from '../../run/train-config.js';
import { trainProblem, type TrainProblem } from '../../run/train-problem.js';
import { loadWeights, weightsFile } from '../../run/weights-file.js';
import { writeAtomically } from '../../run/write-atomically.js';
import type { Probe, ProbeContext } from '../probe.js';

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
  /** Overlap of eigenvectors 1 … m, of m + 1 … 2m, as intervals. */
  readonly top: readonly [number, number];
  readonly next: readonly [number, number];
  /** (1/m) Σ (v_i(a) · v_i(b))² over the top m: how far single eigenvectors are the same. */
  readonly single: number;
}

export interface SubspaceOverlaps {
  readonly steps: readonly number[];
  readonly parameters: number;
  readonly eigenvalues: readonly (readonly number[])[];
  readonly pairs: readonly StepPair[];
}

type Pairs = Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'errors'>;

/**
 * overlap(V, V′) = Tr(P P′)/m of the top m Hessian eigenvectors, and of the next m, between all pairs of steps of a run (GRD18, Eq. (4), Fig. 2).
 * Cost: 2m + 1 eigenpairs for each step; they are kept until all are there.
 */
export const subspaceOverlaps: Probe<SubspaceOverlapsArguments, SubspaceOverlaps> = {
  name: 'subspace-overlaps',
  revision: 1,
  async run(args, context) {
    const { config, steps, m } = args;
    const problem = await trainProblem(config, context.runtime);
    try {
      const found: Pairs[] = [];
      for (const step of steps) {
        context.signal.throwIfAborted();
        found.push(await pairsAt(step, args, problem, context));
        context.onProgress(found.length / steps.length);
      }
      const snapshots = found.map((pairs) => snapshotOf(pairs));
      const pairs = found.flatMap((_, b) =>
        found.slice(0, b + 1).map((__, a): StepPair => {
          const top = subspaceOverlap(snapshots[a]!, snapshots[b]!, m);
          const next = subspaceOverlap(snapshots[a]!, snapshots[b]!, m, m);
          return {
            a,
            b,
            top: [top.lower, top.upper],
            next: [next.lower, next.upper],
            single: singleOverlap(found[a]!, found[b]!, m),
          };
        }),
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
  { config, run, m, tolerance }: SubspaceOverlapsArguments,
  problem: TrainProblem,
  { folderOf, scratch }: ProbeContext,
): Promise<Pairs> {
  const path = join(scratch, `step-${step}.safetensors`);
  if (!existsSync(path)) {
    const file = join(folderOf({ key: run }), weightsFile(step));
    const { parameters, statistics } = loadWeights(file, problem.shape, config.precision);
    const hessian = problem.objective.curvature('hessian', problem.reduce(parameters), { statistics });
    const { values, vectors, errors } = await blockLanczosAsync(hessian, {
      count: Math.min(2 * m + 1, hessian.dimension),
      tolerance,
      blockSize: 1,
      simple: true,
      verify: false,
      seed: config.seed,
    });
    const tensors = new Map(
      Object.entries({ values, vectors, errors }).map(([name, data]) => [name, { shape: [data.length], data }]),
    );
    writeAtomically(path, formatSafetensors(tensors, new Map()));
  }
  const { tensors } = parseSafetensors(new Uint8Array(readFileSync(path)), path);
  const [values, vectors, errors] = ['values', 'vectors', 'errors'].map((name) => tensors.get(name)!.data) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { dimension: vectors.length / values.length, values, vectors, errors };
}

/** What an overlap of subspaces looks at. */
function snapshotOf(pairs: Pairs): Snapshot {
  const none = new Float64Array(0);
  const hessian = { dimension: pairs.dimension, apply: () => none };
  const spectrum = measuredSpectrum(pairs);
  return { time: 0, loss: 0, parameters: pairs.dimension, gradient: none, hessian, spectrum, origin: 'trained' };
}

function singleOverlap({ vectors: u, dimension: n }: Pairs, { vectors: v }: Pairs, m: number): number {
  return Array.from({ length: m }, (_, i) => dot(u, i * n, v, i * n, n) ** 2).reduce((sum, x) => sum + x, 0) / m;
}
