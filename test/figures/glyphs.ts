/** The code points that a TrueType font has glyphs for: subtables of formats 4 and 12 of its `cmap` (OpenType 1.9). */
export function codePointsOf(font: Buffer): Set<number> {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i);
  const cmap = font.readUInt32BE(tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap')! + 8);
  const found = new Set<number>();
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4);
    const format = font.readUInt16BE(subtable);
    if (format === 4) {
      const twice = font.readUInt16BE(subtable + 6);
      for (let s = 0; s < twice; s += 2) {
        const [end, start] = [font.readUInt16BE(subtable + 14 + s), font.readUInt16BE(subtable + 16 + twice + s)];
        for (let c = start; c <= end && c < 0xffff; c++) found.add(c);
      }
    }
    if (format === 12) {
      for (let g = 0; g < font.readUInt32BE(subtable + 12); g++) {
        const [start, end] = [0, 4].map((at) => font.readUInt32BE(subtable + 16 + 12 * g + at));
        for (let c = start!; c <= end!; c++) found.add(c);
      }
    }
  }
  return found;
}
