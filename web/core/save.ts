import { element } from './element.js';

/** Hands a file to the reader. */
export function save(name: string, content: Blob): void {
  const href = URL.createObjectURL(content);
  element('a', { href, download: name }).click();
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 10_000);
}

const drawn = [
  'fill',
  'stroke',
  'color',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'text-anchor',
];

/** An SVG that looks the same outside of this page: colours and fonts are written into it, and it has a ground. */
export function standaloneSvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const name of drawn) (node as SVGElement).style.setProperty(name, style.getPropertyValue(name));
    node.removeAttribute('class');
  });
  for (const style of copy.querySelectorAll('style')) style.remove();
  const ground = getComputedStyle(document.body).backgroundColor;
  copy.style.setProperty('background', ground);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

/** The same as a PNG, three dots to a CSS pixel. */
export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg(svg))}`;
  await image.decode();
  const canvas = element('canvas', { width: Math.round(3 * width), height: Math.round(3 * height) });
  const context = canvas.getContext('2d')!;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the browser could not draw the picture; save it as SVG'));
      else resolve(blob);
    }, 'image/png');
  });
}
