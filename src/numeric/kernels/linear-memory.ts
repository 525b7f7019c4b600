import { NumericalError } from '../../errors.js';
import { blockKernelsCode } from './block-kernels-code.js';

/** WebAssembly memory, with the inner loops that work on it. */
export interface LinearMemory {
  /** The memory as it is now: one that has grown has another buffer. */
  readonly buffer: () => ArrayBuffer;
  /** So many bytes behind the workspace in all, the new ones zero. Throws NumericalError where the machine has none. */
  readonly grow: (bytes: number) => void;
  readonly kernels: BlockKernels;
}

/** p vectors X `stride` bytes apart; q of f64 `apart`; n entries, a multiple of 4; coefficients, p rows of q, at their end. All addresses are in bytes. */
type BlockKernel = (
  x: number,
  stride: number,
  p: number,
  y: number,
  apart: number,
  q: number,
  n: number,
  coefficients: number,
) => void;

/** C += XᵀY and Y += X S, with f64 sums of entries of either precision. WebAssembly's SIMD without relaxed instructions: the same bytes on every machine. */
interface BlockKernels {
  readonly multiplyF32: BlockKernel;
  readonly multiplyF64: BlockKernel;
  readonly combineF32: BlockKernel;
  readonly combineF64: BlockKernel;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of the global object of that name. */
interface WasmGlobal {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: BlockKernels };
}

const page = 2 ** 16;

/** Bytes that one memory may hold. */
export const mostBytes = 65_535 * page;

/** The beginning of each memory: coefficients, and behind them dense vectors, piece by piece, as many float64 numbers as these; vectors begin at `workspace`. */
export const room = { coefficients: 2 ** 17, dense: 2 ** 18 } as const;
export const denseAt = 8 * room.coefficients;
export const workspace = denseAt + 8 * room.dense;

let compiled: object | undefined;

/** A memory with so many bytes behind its workspace, which take none of the machine's until they are written to. Throws as `grow`. Cost: 0.1 ms. */
export function linearMemory(bytes: number): LinearMemory {
  const wasm = (globalThis as unknown as { readonly WebAssembly: WasmGlobal }).WebAssembly;
  compiled ??= new wasm.Module(
    Uint8Array.from({ length: blockKernelsCode.length / 2 }, (_, i) =>
      parseInt(blockKernelsCode.slice(2 * i, 2 * i + 2), 16),
    ),
  );
  const pages = (size: number): number => Math.ceil(size / page);
  const memory = given(bytes, () => {
    return new wasm.Memory({ initial: pages(workspace + bytes), maximum: mostBytes / page });
  });
  return {
    buffer: () => memory.buffer,
    grow: (all) => {
      given(all, () => memory.grow(pages(workspace + all) - memory.buffer.byteLength / page));
    },
    kernels: new wasm.Instance(compiled, { env: { memory } }).exports,
  };
}

/** What the machine gives, if it does. */
function given<T>(bytes: number, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw new NumericalError(
      `the machine has no room for ${bytes} bytes of vectors (${String(error)}); allow fewer vectors in the search space (basis, most), ` +
        'or more address space (ulimit -v), of which each memory reserves 10 GB',
    );
  }
}
