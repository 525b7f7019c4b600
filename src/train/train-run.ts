import type { DatasetRecord } from '../data/dataset.js';
import type { ModelFile } from '../models/model.js';
import type { TrainConfig } from './train-config.js';

/** What was run, so that it can be run again. */
export interface TrainRun {
  readonly config: TrainConfig;
  readonly data: DatasetRecord & {
    readonly name: string;
    readonly samples: number;
    readonly features: number;
    /** Null for a regression. */
    readonly classes: number | null;
    readonly zeroFeaturesDropped: number;
  };
  /** Where the test split came from; null where there is none. */
  readonly testData: DatasetRecord | null;
  /** Parameters of the network that are trained; those on inputs that are always zero count, though they are left out of θ. */
  readonly parameters: number;
  /** m of f_top(m) and of the subspaces. */
  readonly subspace: number;
  /** The file the first weights came from, by its SHA-256; null where they were drawn. */
  readonly initialWeights: string | null;
  /** Parameter → the tensor of that file it came from; null where these have our names, or there is no file. */
  readonly initialNames: Readonly<Record<string, string>> | null;
  /** The file of the model, and what is to be known of how it was read; left out where the model is known by name. */
  readonly model?: ModelFile;
  readonly modelNotes?: readonly string[];
  /** Observables of the caller's own that are recorded after the others, by id; left out where there are none. */
  readonly observables?: readonly string[];
  readonly version: string;
  /** What computed it, where that is not this package: `onnxruntime-node 1.30.0`; last digits are those of its kernels. Null on the plain backend. */
  readonly runtime: string | null;
}
