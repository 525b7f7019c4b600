import type { ArchitectureOptions } from '../loss/network/architectures/architecture.js';
import type { Layer } from '../loss/network/layers.js';
import type { Loss } from '../loss/network/losses.js';
import type { Runtime } from '../tensor/engine/index.js';

/** A file that a network came from, for the record: a run goes on, and a spectrum is taken, with the same bytes alone. */
export interface ModelFile {
  readonly kind: 'module' | 'onnx';
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** Of files beside it that hold its arrays, by the names it gives them; left out where there are none. */
  readonly external?: Readonly<Record<string, string>>;
}

/** A network for samples of one shape. */
export interface ModelNetwork {
  readonly layers: Layer;
  /** Its first weights `given`, by parameter, where it brings them. */
  readonly weights?: ReadonlyMap<string, Float64Array>;
  /** What the reader of its results should know of how it was read, a sentence each. */
  readonly notes: readonly string[];
  /** Holds it against the runtime on the file itself. Throws DataError where they differ. */
  readonly check?: (runtime: Runtime) => Promise<void>;
}

/** A network as the text of `--model` says it: one of the architectures, or what a file holds. */
export interface Model {
  /** For samples of a shape. Throws UsageError for a shape it does not take, DataError where a file holds no such network. */
  readonly networkFor: (inputShape: readonly number[], options: ArchitectureOptions) => ModelNetwork;
  /** The weights [units, features] of the first layer where that is dense, from which inputs that are always zero can be left out; else null. */
  readonly denseInput: string | null;
  /** Null for an architecture. */
  readonly file: ModelFile | null;
  /** Its loss `given`, a sum over samples, where it brings one. */
  readonly loss?: Loss;
}
