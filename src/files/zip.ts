import { crc32, inflateRawSync } from 'node:zlib';
import { DataError } from '../errors.js';

/** The files in a zip archive by name, each unpacked when it is asked for. */
export type ZipFiles = ReadonlyMap<string, () => Uint8Array>;

interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * Reads the central directory of a zip archive (PKWARE's APPNOTE; zip64 too), whose files are stored or deflated. A file that is asked for is unpacked
 * to the size it is said to have, which must be at most `most`, and not a byte beyond; its CRC-32 is checked. `name` is used in messages.
 *
 * Throws DataError where it is no zip archive, is damaged or encrypted, names a file twice, or a file is too large. Cost: O(entries); of a file O(its size).
 */
export function readZip(bytes: Uint8Array, name: string, most: number): ZipFiles {
  const fail = (problem: string): never => {
    throw new DataError(`${name} is not a usable zip archive: ${problem}; write it again`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, () => Uint8Array>();
  for (const entry of guarded(
    () => directory(view, fail),
    () => fail('its directory leads beyond its end'),
  )) {
    if (files.has(entry.name)) fail(`it holds '${entry.name}' twice`);
    files.set(entry.name, () => {
      const failing = (problem: string): never => fail(`'${entry.name}' ${problem}`);
      return guarded(
        () => unpacked(bytes, view, entry, most, failing),
        () => failing('leads beyond the archive'),
      );
    });
  }
  return files;
}

/** Offsets beyond the end of the bytes are found by their views. */
function guarded<T>(read: () => T, fail: () => never): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RangeError) return fail();
    throw cause;
  }
}

function directory(view: DataView, fail: (problem: string) => never): ZipEntry[] {
  const end = endOf(view) ?? fail('it has no directory');
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === END_64_LOCATOR) {
    const end64 = wide(view, end - 12);
    if (view.getUint32(end64, true) !== END_64) return fail('it has no directory');
    [count, at] = [wide(view, end64 + 32), wide(view, end64 + 48)];
  }
  const entries: ZipEntry[] = [];
  while (entries.length < count) {
    if (view.getUint32(at, true) !== ENTRY) return fail(`its directory has no entry ${entries.length}`);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const start = view.byteOffset + at + 46;
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, start, nameLength));
    const sizes = wideSizes(view, at, { from: at + 46 + nameLength, length: extra });
    const [flags, method] = [8, 10].map((field) => view.getUint16(at + field, true)) as [number, number];
    entries.push({ name, flags, method, crc: view.getUint32(at + 16, true), ...sizes });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** Where the end of the directory is: the last one before the comment. */
function endOf(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

/** Sizes and offset of an entry; those that do not fit into 32 bits are in its extra field, in this order. */
function wideSizes(
  view: DataView,
  at: number,
  extra: { readonly from: number; readonly length: number },
): Pick<ZipEntry, 'size' | 'packed' | 'offset'> {
  let next: number | undefined;
  for (let field = extra.from; field + 4 <= extra.from + extra.length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) === 1) next = field + 4;
  }
  const [size, packed, offset] = [24, 20, 42].map((place) => {
    const short = view.getUint32(at + place, true);
    if (short !== 0xffffffff || next === undefined) return short;
    next += 8;
    return wide(view, next - 8);
  }) as [number, number, number];
  return { size, packed, offset };
}

const wide = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function unpacked(
  bytes: Uint8Array,
  view: DataView,
  { flags, method, crc, packed, size, offset }: ZipEntry,
  most: number,
  fail: (problem: string) => never,
): Uint8Array {
  if ((flags & 1) === 1) return fail('is encrypted');
  if (size > most) return fail(`is said to hold ${size} bytes, ${Math.floor(most)} are read`);
  if (view.getUint32(offset, true) !== LOCAL) return fail('is not where its directory says');
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) return fail('ends beyond the archive');
  const stored = bytes.subarray(start, start + packed);
  if (method !== 0 && method !== 8) return fail(`is packed by method ${method}; read are 0 (stored) and 8 (deflated)`);
  const content = method === 0 ? new Uint8Array(stored) : inflated(stored, size, fail);
  if (content.length !== size) return fail(`holds ${content.length} bytes where ${size} are said`);
  if (crc32(content) !== crc) return fail('is damaged: its CRC-32 is another');
  return content;
}

function inflated(stored: Uint8Array, size: number, fail: (problem: string) => never): Uint8Array {
  try {
    const content = inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return fail(isTooLarge ? `unpacks to more than the ${size} bytes that are said` : 'is damaged');
  }
}
