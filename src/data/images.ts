/** A labelled set of images, one byte a pixel, and where it came from. */
export interface ImageSet {
  /** Image after image; within one, channel after channel, row after row. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  /** Channels, height, width. */
  readonly imageShape: readonly [number, number, number];
  /** Their product. */
  readonly pixelsPerImage: number;
  readonly classes: number;
  /** Where the files were found, in words that hold on any machine. */
  readonly source: string;
  /** SHA-256 of the files, uncompressed: of MNIST the image and the label file, of CIFAR-10 each batch. */
  readonly checksums: readonly string[];
  /** What the classes are called, where the files say so. */
  readonly classNames?: readonly string[];
}
