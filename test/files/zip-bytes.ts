import { crc32, deflateRawSync } from 'node:zlib';

/** What of a file in an archive is written other than it is. */
export interface ZipLie {
  readonly size?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly offset?: number;
  /** Sizes and offset in 64 bits. */
  readonly wide?: boolean;
}

/** The end of the directory in 64 bits and where it is; that in 32 bits then says nothing. */
function wideEnd(end: Buffer, offset: number, directory: readonly Buffer[]): Buffer[] {
  const [record, locator] = [Buffer.alloc(56), Buffer.alloc(20)];
  record.writeUInt32LE(0x06064b50);
  record.writeBigUInt64LE(BigInt(end.readUInt16LE(10)), 32);
  record.writeBigUInt64LE(BigInt(offset), 48);
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(BigInt(offset + Buffer.concat(directory).length), 8);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(0xffffffff, 16);
  return [record, locator];
}

/** A zip archive of files, deflated. */
export function zipBytes(files: Readonly<Record<string, Uint8Array>>, lie: ZipLie = {}): Uint8Array {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = lie.method === 0 ? Buffer.from(content) : deflateRawSync(content);
    const { size = content.length, crc = crc32(content), method = 8, flags = 0, wide = false } = lie;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const at = lie.offset ?? offset;
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(24, 2);
      [size, packed.length, at].forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(wide ? 0xffffffff : size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(wide ? 0xffffffff : at, 42);
    directory.push(entry, Buffer.from(name), extra);
    parts.push(local, Buffer.from(name), packed);
    offset += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  for (const field of [8, 10]) end.writeUInt16LE(Object.keys(files).length, field);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(
    Buffer.concat([...parts, ...directory, ...(lie.wide === true ? wideEnd(end, offset, directory) : []), end]),
  );
}
