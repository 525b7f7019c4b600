import { NumericalError } from '../../errors.js';
import { zeros, type FloatArray, type Precision } from './float-array.js';
import { linearMemory, mostBytes, workspace } from './linear-memory.js';
import { arrayVectors, padded, type VectorPart, type Vectors } from './vectors.js';

/** Vectors of one length in a precision, as many as there is room for. */
export interface VectorStore {
  readonly dimension: number;
  readonly precision: Precision;
  /** Makes room for as many in all; those that are there stay where they are. Throws NumericalError where the machine has none. */
  reserve(room: number): void;
  /** A copy of some of them, one after the other. */
  read(first: number, count: number): FloatArray;
  /** Overwrites those from `first` on, rounded to the precision. */
  write(first: number, block: FloatArray): void;
  /** Some of them, as kernels see them: until room is made for more. */
  part(first: number, count: number): Vectors;
}

/** A stretch of vectors that lie together. */
interface Home {
  room: number;
  /** As many as it may ever hold. */
  readonly most: number;
  grow(room: number): void;
  /** Vector i itself. */
  vector(i: number): FloatArray;
  part(first: number, count: number): VectorPart;
}

/** Bytes up to which vectors stay in an array, and are copied when they are worked on: a memory of their own takes longer to come by. */
const small = 2 ** 19;

/**
 * Room for vectors: WebAssembly memory that grows, and where one has reached its limit further ones, `limit` bytes each; an array where they are few and short.
 */
export function vectorStore(dimension: number, precision: Precision, room: number, limit = mostBytes): VectorStore {
  const width = precision === 'f32' ? 4 : 8;
  const homes: Home[] = [];
  const roomOf = (): number => homes.reduce((sum, home) => sum + home.room, 0);
  const store: VectorStore = {
    dimension,
    precision,
    reserve(wanted) {
      for (let lacking = wanted - roomOf(); lacking > 0; lacking = wanted - roomOf()) {
        const last = homes.at(-1);
        if (last !== undefined && last.room < last.most) last.grow(Math.min(last.most, last.room + lacking));
        else if (homes.length === 0 && wanted * dimension * width <= small) {
          homes.push(arrayHome(dimension, precision, wanted));
        } else homes.push(memoryHome(dimension, precision, lacking, limit));
      }
    },
    read(first, count) {
      const block = zeros(precision, count * dimension);
      let at = 0;
      for (const [home, from, some] of stretches(homes, first, count)) {
        for (let i = 0; i < some; i++, at++) block.set(home.vector(from + i), at * dimension);
      }
      return block;
    },
    write(first, block) {
      let at = 0;
      for (const [home, from, some] of stretches(homes, first, block.length / dimension)) {
        for (let i = 0; i < some; i++, at++) {
          home.vector(from + i).set(block.subarray(at * dimension, (at + 1) * dimension));
        }
      }
    },
    part: (first, count) => ({
      dimension,
      count,
      parts: stretches(homes, first, count).map(([home, from, some]) => home.part(from, some)),
    }),
  };
  store.reserve(room);
  return store;
}

/** Where vectors first … first + count − 1 lie: a home, the first there, how many. */
function stretches(homes: readonly Home[], first: number, count: number): (readonly [Home, number, number])[] {
  const found: (readonly [Home, number, number])[] = [];
  let start = 0;
  for (const home of homes) {
    const [from, to] = [Math.max(first, start), Math.min(first + count, start + home.room)];
    if (from < to) found.push([home, from - start, to - from]);
    start += home.room;
  }
  return found;
}

function arrayHome(n: number, precision: Precision, room: number): Home {
  let array = zeros(precision, n * room);
  const home: Home = {
    room,
    most: Math.max(room, Math.floor(small / (n * array.BYTES_PER_ELEMENT))),
    grow(wanted) {
      const before = array;
      array = zeros(precision, n * wanted);
      array.set(before);
      home.room = wanted;
    },
    vector: (i) => array.subarray(i * n, (i + 1) * n),
    part: (first, count) => arrayVectors(array.subarray(first * n, (first + count) * n), count, n).parts[0]!,
  };
  return home;
}

function memoryHome(n: number, precision: Precision, wanted: number, limit: number): Home {
  const width = precision === 'f32' ? 4 : 8;
  const stride = width * padded(n);
  const most = Math.floor((limit - workspace) / stride);
  if (most < 1) throw new NumericalError(`a vector of ${n} numbers is longer than a memory of ${limit} bytes`);
  const room = Math.min(wanted, most);
  const memory = linearMemory(room * stride);
  const viewAt = (address: number, length: number): FloatArray =>
    precision === 'f32'
      ? new Float32Array(memory.buffer(), address, length)
      : new Float64Array(memory.buffer(), address, length);
  const home: Home = {
    room,
    most,
    grow(more) {
      memory.grow(more * stride);
      home.room = more;
    },
    vector: (i) => viewAt(workspace + i * stride, n),
    part: (first, count) => ({
      memory,
      precision,
      count,
      longest: () => Infinity,
      place: (at, _rows, from) => ({ address: workspace + (first + at) * stride + from * width, stride }),
      put(i, from, entries) {
        viewAt(workspace + (first + i) * stride + from * width, entries.length).set(entries);
      },
    }),
  };
  return home;
}
