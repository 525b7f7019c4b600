/**
 * What is used of ONNX Runtime's JavaScript interface, by structure: onnxruntime-node and onnxruntime-web both have it, and types that need
 * neither can be read where neither is installed.
 */
export interface Runtime {
  /** Versions of the packages, by `common` and `node` or `web`. */
  readonly env?: { readonly versions: Readonly<Record<string, string | undefined>> };
  readonly InferenceSession: {
    /** Loads a graph. */
    create(model: Uint8Array, options: SessionOptions): Promise<Session>;
  };
  readonly Tensor: {
    new (type: 'float32', data: Float32Array, dims: readonly number[]): OnnxTensor;
    new (type: 'float64', data: Float64Array, dims: readonly number[]): OnnxTensor;
    new (type: 'int32', data: Int32Array, dims: readonly number[]): OnnxTensor;
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): OnnxTensor;
  };
}

export interface SessionOptions {
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential';
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  /** Bytes of the files that hold arrays of the graph, by the names it gives them. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** A graph that is loaded. */
export interface Session {
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** A dense array in row-major order. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
