import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Samples } from '../src/loss/network/sample-sums.js';

const python = process.env.PYTHON ?? 'python3';

export type PeerLayer = 'dense' | 'relu' | 'same convolution' | 'convolution' | 'pool' | 'flatten';

/** A network with its data and weights, as PyTorch gets them; every dense layer and convolution has a bias. */
export interface PeerTask {
  readonly inputShape: readonly number[];
  readonly layers: readonly PeerLayer[];
  /** Of all parameters, in order. */
  readonly shapes: readonly (readonly number[])[];
  readonly samples: Samples;
  readonly weights: ArrayLike<number>;
}

/** What every request answers. */
export interface PeerAnswer {
  readonly seconds: number;
}

export interface PeerPairs extends PeerAnswer {
  readonly isConverged: boolean;
  readonly loss: number;
  readonly products: number;
  readonly values: readonly number[];
  readonly topFraction?: number;
}

/** `cached`: one graph of the gradient for all products at a point; `plain`: a new one for each. */
export type PeerMode = 'cached' | 'plain';

/** A network in PyTorch with SciPy's ARPACK, in a process of its own that works only while it is asked (pytorch_run.py). */
export interface Peer {
  readonly about: () => Promise<{ readonly torch: string; readonly scipy: string; readonly matrixProductMs: number }>;
  readonly setWeights: (weights: ArrayLike<number>) => Promise<PeerAnswer>;
  /** Steps of SGD. */
  readonly steps: (batches: readonly (readonly number[])[], rate: number) => Promise<PeerAnswer>;
  /** Top eigenpairs, cold; `tolerance` as ARPACK means it, `basis` its precision, `restarts` at most. */
  readonly pairs: (options: {
    readonly top: number;
    readonly tolerance: number;
    readonly subspace?: number;
    readonly basis?: 'float32' | 'float64';
    readonly restarts?: number;
  }) => Promise<PeerPairs>;
  /** The worst residual over λ₁ of the last pairs, by products of their own. */
  readonly check: <P extends 'float32' | 'float64'>(precisions: readonly P[]) => Promise<Readonly<Record<P, number>>>;
  readonly release: () => void;
}

/** Ends the process with a line where there is no PyTorch. */
export function needPytorch(): void {
  if (spawnSync(python, ['-c', 'import torch, scipy']).status === 0) return;
  console.log(`skipped: ${python} has no torch and scipy (name one that has in PYTHON)`);
  process.exit(0);
}

export function pytorchPeer(task: PeerTask, mode: PeerMode): Peer {
  const folder = mkdtempSync(join(tmpdir(), 'pytorch-'));
  const { samples, weights, ...config } = task;
  const { count, inputs, targets } = samples;
  const write = (name: string, numbers: ArrayLike<number>): void => {
    writeFileSync(join(folder, name), new Uint8Array(Float32Array.from(numbers).buffer));
  };
  const outputs = targets.length / count;
  const labels = Uint8Array.from({ length: count }, (_, i) =>
    targets.subarray(i * outputs, (i + 1) * outputs).indexOf(1),
  );
  write('inputs.f32', inputs);
  write('weights.f32', weights);
  writeFileSync(join(folder, 'labels.u8'), labels);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const child = spawn(python, [join(import.meta.dirname, 'pytorch_run.py'), folder, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <T>(request: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await answers.next();
    if (answer.done === true) throw new Error('PyTorch has ended');
    return JSON.parse(answer.value) as T;
  };
  return {
    about: () => ask({ ask: 'about' }),
    setWeights(changed) {
      write('weights.f32', changed);
      return ask({ ask: 'weights' });
    },
    steps: (batches, rate) => ask({ ask: 'steps', batches, rate }),
    pairs: (options) => ask({ ask: 'pairs', ...options }),
    check: (precisions) => ask({ ask: 'check', precisions }),
    release() {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The machine and the versions, in a line. */
export async function describe(peer: Peer, runtime: string | null): Promise<string> {
  const { torch, scipy, matrixProductMs } = await peer.about();
  return (
    `${cpus()[0]!.model}, one thread; Node ${process.versions.node}, ${runtime ?? 'no runtime'}; ` +
    `PyTorch ${torch}, SciPy ${scipy}, whose 1024³ product takes ${matrixProductMs.toFixed(1)} ms`
  );
}
