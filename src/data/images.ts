/** A labelled set of images, one byte a pixel, and where it came from. */
export interface ImageSet {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  readonly pixelsPerImage: number;
  readonly classes: number;
  /** Where the files were found, in words that hold on any machine. */
  readonly source: string;
  /** SHA-256 of the image and the label file, uncompressed. */
  readonly checksums: readonly [string, string];
}
