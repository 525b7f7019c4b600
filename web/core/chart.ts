import { plot, type PlotOptions } from '@observablehq/plot';
import { csvText } from '../../src/files/csv-text.js';
import { element } from './element.js';
import { commandLine } from './numbers.js';
import { pngOf, save, standaloneSvg } from './save.js';
import { tableElement, type ChartTable } from './table.js';

/** A line of a key: what is drawn like this. */
export interface KeyEntry {
  readonly text: string;
  readonly colour: string;
  /** As in SVG's stroke-dasharray. */
  readonly dash?: string;
  readonly kind?: 'line' | 'dot' | 'area';
  /** Of a dot that is no circle: a character of its form. */
  readonly form?: string;
  /** Of an area; 0.3 if left out. */
  readonly opacity?: number;
}

/** What a chart shows. */
export interface ChartContent {
  /** States what is shown, for somebody who sees nothing else. */
  readonly caption: string;
  /** Of Observable Plot, without width and height; legends of its own are not used. */
  readonly plot: PlotOptions;
  readonly height?: number;
  readonly key?: readonly KeyEntry[];
  /** Exactly what is drawn. */
  readonly table: () => ChartTable;
  /** The arguments of tiny-subspace that make the same numbers, where a command does. */
  readonly command?: string;
}

/** A figure: chart, key, caption, numbers as a table, and buttons that save it as PNG, SVG and CSV. */
export interface Chart {
  readonly root: HTMLElement;
  readonly show: (content: ChartContent) => void;
}

/** An empty figure called `title`, whose files are called `name`. It follows the width it is given until the signal is raised. */
export function createChart(name: string, title: string, left: AbortSignal): Chart {
  let content: ChartContent | undefined;
  let width = 0;
  const picture = element('div', { className: 'picture', role: 'img', 'aria-label': title });
  const key = element('ul', { className: 'key', 'aria-label': `key of: ${title}` });
  const caption = element('figcaption');
  const numbers = element('details', {}, element('summary', {}, 'the numbers'));
  const command = element('div');

  const draw = (): void => {
    if (content === undefined || width === 0) return;
    const { height = 360, plot: options } = content;
    const svg = plot({ ...options, width, height: Math.min(height, Math.max(240, width)), figure: false });
    svg.setAttribute('aria-hidden', 'true');
    picture.replaceChildren(svg);
  };
  const fillTable = (): void => {
    if (numbers.open && content !== undefined)
      numbers.replaceChildren(numbers.firstElementChild!, tableElement(content.table()));
  };
  numbers.addEventListener('toggle', fillTable);
  const observer = new ResizeObserver(([entry]) => {
    const next = Math.floor(entry!.contentRect.width);
    if (next === width) return;
    width = next;
    draw();
  });
  observer.observe(picture);
  left.addEventListener('abort', () => {
    observer.disconnect();
  });

  const saveAs = (kind: string, of: (svg: SVGSVGElement) => Blob | Promise<Blob>): HTMLButtonElement => {
    const button = element('button', { type: 'button', 'aria-label': `save as ${kind}: ${title}` }, kind);
    button.addEventListener('click', () => {
      const svg = picture.querySelector('svg');
      if (svg !== null) void Promise.resolve(of(svg)).then((blob) => { save(`${name}.${kind.toLowerCase()}`, blob); }); // prettier-ignore
    });
    return button;
  };
  const root = element(
    'figure',
    { className: 'chart' },
    element('h2', {}, title),
    key,
    picture,
    caption,
    element(
      'div',
      { className: 'tools' },
      saveAs('PNG', pngOf),
      saveAs('SVG', (svg) => new Blob([standaloneSvg(svg)], { type: 'image/svg+xml' })),
      saveAs('CSV', () => new Blob([csvOf(content!.table())], { type: 'text/csv' })),
    ),
    numbers,
    command,
  );
  return {
    root,
    show(next) {
      if (next.command !== content?.command)
        command.replaceChildren(...(next.command === undefined ? [] : [commandLine(next.command)]));
      content = next;
      caption.textContent = next.caption;
      picture.setAttribute('aria-label', `${title}. ${next.caption}`);
      key.replaceChildren(...(next.key ?? []).map(keyEntry));
      draw();
      fillTable();
    },
  };
}

const csvOf = ({ columns, rows }: ChartTable): string => csvText([columns, ...rows]);

const svgElement = (tag: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

function keyEntry({ text, colour, dash = '', kind = 'line', form, opacity = 0.3 }: KeyEntry): HTMLElement {
  const sample = svgElement('svg', { width: '28', height: '10', 'aria-hidden': 'true' });
  if (form !== undefined) {
    const look = { x: '14', y: '9', 'text-anchor': 'middle', 'font-size': '12', style: `fill:${colour}` };
    sample.append(svgElement('text', look));
    sample.firstElementChild!.textContent = form;
    return element('li', {}, sample, ` ${text}`);
  }
  sample.append(
    kind === 'line'
      ? svgElement('line', {
          x1: '1',
          x2: '27',
          y1: '5',
          y2: '5',
          'stroke-width': '2',
          'stroke-dasharray': dash,
          style: `stroke:${colour}`,
        })
      : kind === 'dot'
        ? svgElement('circle', { cx: '14', cy: '5', r: '3.5', style: `fill:${colour}` })
        : svgElement('rect', {
            width: '28',
            height: '10',
            style: `fill:${colour};fill-opacity:${opacity};stroke:${colour};stroke-opacity:0.5`,
          }),
  );
  return element('li', {}, sample, ` ${text}`);
}
