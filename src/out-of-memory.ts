import { UsageError } from './errors.js';

/** What engines and ONNX Runtime say where an allocation fails. */
const sayings =
  /array buffer allocation failed|invalid (typed )?array (buffer )?length|bad_alloc|failed to allocate memory/i;

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
