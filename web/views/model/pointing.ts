/** A plot knows its scales. */
interface Plotted {
  readonly scale: (name: 'x') => { readonly invert: (pixel: number) => number; readonly domain: readonly number[] };
}

/** Calls back with the place on the horizontal axis of a chart that is pressed, and while it is dragged. */
export function pointing(root: HTMLElement, onPlace: (x: number) => void): void {
  const area = root.querySelector<HTMLElement>('.picture')!;
  area.style.cursor = 'crosshair';
  area.style.touchAction = 'pan-y';
  const take = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 0) return;
    const svg = area.querySelector('svg');
    if (svg === null) return;
    const box = svg.getBoundingClientRect();
    const { invert, domain } = (svg as unknown as Plotted).scale('x');
    const pixel = ((event.clientX - box.left) * svg.width.baseVal.value) / box.width;
    const [from, to] = [domain[0]!, domain.at(-1)!];
    onPlace(Number(Math.min(to, Math.max(from, invert(pixel))).toPrecision(3)));
  };
  area.addEventListener('pointerdown', take);
  area.addEventListener('pointermove', take);
}
