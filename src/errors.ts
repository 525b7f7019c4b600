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
