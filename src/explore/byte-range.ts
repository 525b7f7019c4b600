/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks of `size` bytes (RFC 9110, 14): one range, `bytes=0-99`, `bytes=100-` or the last `bytes=-8`. Undefined where the whole
 * is to be sent, because there is no such header or one of another form; null where nothing of the range is there.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | null | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '')
    return size === 0 || Number(last) === 0 ? null : { start: Math.max(0, size - Number(last)), end: size - 1 };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return Number(first) >= size ? null : { start: Number(first), end };
}
