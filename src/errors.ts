/**
 * The errors this package throws on purpose. Each carries the exit code its kind has on the command line:
 * 1 a claim failed, 2 usage, 3 data, 4 numerical failure.
 *
 * A message says what was received, what is legal, and how to fix it.
 */
export class TinySubspaceError extends Error {
  readonly exitCode: 1 | 2 | 3 | 4;

  constructor(name: string, exitCode: 1 | 2 | 3 | 4, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.exitCode = exitCode;
  }
}

/** An argument or option is not legal. */
export class UsageError extends TinySubspaceError {
  constructor(message: string, options?: ErrorOptions) {
    super('UsageError', 2, message, options);
  }
}

/** A file or data set is missing, damaged or not what it claims to be. */
export class DataError extends TinySubspaceError {
  constructor(message: string, options?: ErrorOptions) {
    super('DataError', 3, message, options);
  }
}

/** A computation did not reach the accuracy it promises. */
export class NumericalError extends TinySubspaceError {
  constructor(message: string, options?: ErrorOptions) {
    super('NumericalError', 4, message, options);
  }
}

/** What engines and ONNX Runtime say where an allocation fails. */
const sayings =
  /array buffer allocation failed|invalid (typed )?array (buffer )?length(?!: -)|bad_alloc|failed to allocate memory/i;

/**
 * The failure of an allocation, in words; undefined for any other error. Memory is estimated before work begins, but another process may have
 * taken it meanwhile.
 */
export function outOfMemory(error: unknown): UsageError | undefined {
  if (!(error instanceof Error) || error instanceof UsageError || !sayings.test(error.message)) return undefined;
  return new UsageError(
    `there is not enough memory: ${error.message}; end other programs, or ask for less (fewer eigenpairs with --top, fewer vectors with --basis, ` +
      'fewer samples, a smaller model)',
    { cause: error },
  );
}
