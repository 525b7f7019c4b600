import { dot, lineY, ruleX } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import { createChart, type ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { element } from '../../core/element.js';
import { task } from '../../core/task.js';
import { quoted } from './run-commands.js';
import type { FileHandle } from './run-file.js';
import type { TableReply, TableRequest } from './table-request.js';

const palette = [
  colours.blue,
  colours.vermilion,
  colours.green,
  colours.purple,
  colours.orange,
  colours.sky,
  colours.ink,
];
const dashes = ['', '7 3', '2 3', '9 3 2 3', '12 4', '5 2'];
const isSummary = /(^|\/)(summary|differences)\.csv$/;

/** The picture of a table, with choices of columns. */
export function tableSection(file: FileHandle, remove: () => void, left: AbortSignal): HTMLElement {
  const { path } = file;
  const closed = new AbortController();
  const ends = AbortSignal.any([left, closed.signal]);
  const work = task<TableRequest, TableReply>(
    () => new Worker(new URL('./table.worker.ts', import.meta.url), { type: 'module' }),
    ends,
  );
  const chart = createChart('sweep', path, ends);
  const said = element('p', { className: 'problem', role: 'status' });
  const pick = (label: string): readonly [HTMLSelectElement, HTMLElement] => {
    const select = element('select', {});
    return [select, element('label', {}, `${label} `, select)];
  };
  const [[x, xLabel], [y, yLabel], [color, colorLabel]] = [pick('along x'), pick('along y'), pick('a curve for each')];
  const where = element('input', {
    type: 'text',
    placeholder: 'lr=0.1, step=last',
    autocomplete: 'off',
    'aria-label': `rows of ${path}, conditions separated by commas`,
  });
  const button = element('button', { type: 'button', 'aria-label': `take ${path} away` }, 'take away');
  const root = element(
    'section',
    { className: 'sweep wide', 'aria-label': `table ${path}` },
    element(
      'div',
      { className: 'columns' },
      xLabel,
      yLabel,
      colorLabel,
      element('label', {}, 'rows with ', where),
      button,
    ),
    said,
    chart.root,
  );
  button.addEventListener('click', () => {
    closed.abort();
    root.remove();
    remove();
  });
  const conditions = (): string[] =>
    where.value
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '');
  const ask = (columns: Omit<TableRequest, 'file' | 'where'>): void => {
    work.run(
      { file, ...columns, where: conditions() },
      (reply) => {
        fill(x, reply.columns, reply.chosen.x);
        fill(y, reply.quantities, reply.chosen.y);
        fill(color, ['', ...reply.columns], reply.chosen.color ?? '');
        said.textContent = [reply.problem ?? '', ...reply.notes].filter((text) => text !== '').join('. ');
        chart.show(contentOf(reply, path, conditions()));
      },
      (failure) => {
        if (failure !== undefined) said.textContent = failure;
      },
    );
  };
  const again = (): void => {
    ask({ x: x.value, y: y.value, color: color.value });
  };
  for (const control of [x, y, color, where]) control.addEventListener('change', again);
  ask({});
  return root;
}

function fill(select: HTMLSelectElement, names: readonly string[], chosen: string): void {
  if (select.options.length === 0)
    select.append(...names.map((name) => element('option', { value: name }, name === '' ? 'one curve' : name)));
  select.value = chosen;
}

function contentOf(
  { curves, chosen, isOfNumbers, rows }: TableReply,
  path: string,
  where: readonly string[],
): ChartContent {
  const style = (i: number): { readonly stroke: string; readonly strokeDasharray: string } => {
    const { isDashed } = curves[i]!;
    const solid = curves.slice(0, i + 1).filter((one) => one.isDashed === isDashed).length - 1;
    return {
      stroke: palette[solid % palette.length]!,
      strokeDasharray: isDashed ? '2 2' : dashes[solid % dashes.length]!,
    };
  };
  const folder = path.replace(/(^|\/)results\.(csv|parquet)$/, '');
  const options = [
    ['x', chosen.x],
    ['y', chosen.y],
    ...(chosen.color === undefined ? [] : [['color', chosen.color]]),
    ...where.map((condition) => ['where', condition]),
  ];
  return {
    caption: `Means over seeds of the ${rows} rows of ${path}; bars: standard errors${isSummary.test(path) ? ', as the table has them' : ', and both ends where the value is an interval'}.`,
    plot: {
      marginLeft: 60,
      grid: true,
      x: { label: chosen.x, type: isOfNumbers ? 'linear' : 'point' },
      y: { label: chosen.y },
      marks: curves.flatMap(({ points }, i) => [
        ruleX(points, { x: 'x', y1: 'low', y2: 'high', stroke: style(i).stroke }),
        ...(isOfNumbers ? [lineY(points, { x: 'x', y: 'mean', ...style(i), strokeWidth: 1.8 })] : []),
        ...(points.length <= 60 ? [dot(points, { x: 'x', y: 'mean', fill: style(i).stroke, r: 3 })] : []),
      ]),
    },
    key: curves.flatMap(({ label }, i) =>
      label === '' ? [] : [{ text: label, colour: style(i).stroke, dash: style(i).strokeDasharray }],
    ),
    table: () => ({
      columns: ['curve', chosen.x, 'mean', 'lower', 'upper', 'seeds'],
      rows: curves.flatMap(({ label, points }) =>
        points.map(({ x, mean, low, high, seeds }) => [
          label,
          typeof x === 'number' ? Number(short(x, 15)) : x,
          mean,
          low,
          high,
          seeds,
        ]),
      ),
    }),
    command: `plot ${quoted(folder === '' ? '.' : folder)} ${options.map(([name, value]) => `--${name!} ${quoted(value!)}`).join(' ')}`,
  };
}
