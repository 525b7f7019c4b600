interface Scale {
  readonly invert?: (at: number) => number;
  readonly domain?: readonly number[];
}

/** Calls `onPoint` with the values of both axes where the picture of a chart is pressed, by mouse, pen or finger, and while it is dragged over. */
export function whenPointedAt(chart: HTMLElement, onPoint: (x: number, y: number) => void): void {
  const picture = chart.querySelector<HTMLElement>('.picture')!;
  picture.style.cursor = 'crosshair';
  picture.style.touchAction = 'pan-y'; // a page is still scrolled by a finger on it
  const point = (event: PointerEvent): void => {
    const svg = picture.querySelector('svg');
    if (svg === null) return;
    const { left, top, width } = svg.getBoundingClientRect();
    const dots = svg.viewBox.baseVal.width / width;
    const { scale } = svg as SVGSVGElement & { readonly scale: (name: string) => Scale };
    const [x, y] = [(event.clientX - left) * dots, (event.clientY - top) * dots];
    onPoint(within(scale('x'), x), within(scale('y'), y));
  };
  picture.addEventListener('pointerdown', (event) => {
    picture.setPointerCapture(event.pointerId);
    point(event);
  });
  picture.addEventListener('pointermove', (event) => {
    if (picture.hasPointerCapture(event.pointerId)) point(event);
  });
}

function within({ invert, domain }: Scale, at: number): number {
  const [low, high] = [Math.min(...domain!), Math.max(...domain!)];
  return Math.min(high, Math.max(low, invert!(at)));
}
