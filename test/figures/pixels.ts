// As in figures/render.ts, and before the canvas loads: the fonts of this machine must not help a test to pass.
process.env.DISABLE_SYSTEM_FONTS_LOAD = '1';
const { createCanvas, GlobalFonts, loadImage } = await import('@napi-rs/canvas');

export { GlobalFonts };

/** An image as RGBA bytes. */
export async function pixelsOf(image: Uint8Array): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const loaded = await loadImage(Buffer.from(image));
  const { width, height } = loaded;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(loaded, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/** How many pixels are darker than mid-grey in the rows from `top` on. */
export async function inkBelow(image: Uint8Array, top: number): Promise<number> {
  const { width, data } = await pixelsOf(image);
  let ink = 0;
  for (let i = 4 * width * top; i < data.length; i += 4) if (data[i]! + data[i + 1]! + data[i + 2]! < 384) ink++;
  return ink;
}
