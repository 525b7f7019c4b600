import { existsSync } from 'node:fs';
import { DataError } from '../../errors.js';
import { readBytes } from '../../files/read-bytes.js';
import { sha256Of } from '../../files/sha256.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { writeOnnx } from '../../loss/network/onnx-export.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { isOwnOnnx } from '../../tensor/onnx/own-file.js';
import { problemAtWeights } from './problem-at-weights.js';
import type { SpectrumOptions } from './spectrum-document.js';

/** Which network, with which weights, and where it goes. */
export interface ExportOptions extends Pick<
  SpectrumOptions,
  'checkpoint' | 'config' | 'initFrom' | 'initMap' | 'signal'
> {
  /** An ONNX file. */
  readonly out: string;
}

/** The document of `export --json`. */
export interface ExportDocument {
  readonly out: string;
  readonly model: string;
  readonly step: number;
  /** All of them, also those that are not trained. */
  readonly parameters: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a network in evaluation, with all its weights, as an ONNX file, whole or not at all: input `x`, output `scores`, parameters as initialisers under their
 * names. Throws UsageError, DataError, also where there is a file that this package did not write.
 */
export async function exportNetwork({ out, ...options }: ExportOptions, runtime?: Runtime): Promise<ExportDocument> {
  refuseForeignFile(out);
  const { problem, statistics, step } = await problemAtWeights({ subspace: 1, ...options }, runtime, {
    ...(options.signal && { signal: options.signal }),
  });
  try {
    const { network, initial, run } = problem;
    const bytes = writeOnnx(network, initial, statistics, run.config.precision);
    refuseForeignFile(out);
    writeAtomically(out, bytes);
    const parameters = network.layout.size;
    return { out, model: run.config.model, step, parameters, bytes: bytes.length, sha256: sha256Of(bytes) };
  } finally {
    await problem.release();
  }
}

function refuseForeignFile(path: string): void {
  const wayOut = 'move it away, or choose another name';
  if (!existsSync(path) || isOwnOnnx(readBytes(path, wayOut))) return;
  throw new DataError(`${path} would be replaced, and was not written by this package; ${wayOut}`);
}
