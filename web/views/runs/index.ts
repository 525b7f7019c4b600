import { createChart, type ChartContent } from '../../core/chart.js';
import { element } from '../../core/element.js';
import { task } from '../../core/task.js';
import { view } from '../../core/view.js';
import { dropArea } from './drop-area.js';
import { groupFiles } from './group-files.js';
import type { OpenedRun, OpenedFolder } from './opened-run.js';
import { runCard } from './run-card.js';
import { gapContent, lossContent, overlapContent, topFractionContent, type RunSettings } from './run-contents.js';
import type { FileHandle } from './run-file.js';
import { exampleFiles, servedFiles } from './served-files.js';
import { mostRuns, shownRun, type ShownRun } from './shown-run.js';
import { spectrumContent } from './spectrum-content.js';
import { tableSection } from './table-section.js';
import './style.css';

/** The charts of runs: what each is called, and what it shows. */
const charts: readonly {
  readonly name: string;
  readonly title: string;
  readonly of: (runs: readonly ShownRun[], settings: RunSettings, share: number) => ChartContent;
}[] = [
  { name: 'top-fraction', title: 'f_top(m): how much of the gradient is in the top', of: topFractionContent },
  { name: 'spectrum', title: 'The top of the spectrum', of: spectrumContent },
  { name: 'gap', title: 'The gap at the cut', of: gapContent },
  { name: 'overlaps', title: 'Overlaps', of: overlapContent },
  { name: 'loss', title: 'Training loss', of: lossContent },
];

export const runsView = view({
  title: 'Your runs',
  lead: 'What the command line has measured, opened in this browser: does the gradient lie in the top of the Hessian’s spectrum, is there a gap at the cut, and is it more than noise? Several runs are laid over each other.',
  controls: {
    subspace: {
      kind: 'number',
      label: 'top eigenvectors',
      symbol: 'm',
      help: 'Where the spectrum is cut. 0: where each run itself has its cut, the number of classes if nothing else was asked for.',
      min: 0,
      max: 100,
      scale: 'linear',
      isInteger: true,
      initial: 0,
    },
    at: {
      kind: 'number',
      label: 'moment of the spectrum',
      symbol: 'in %',
      help: 'Which measurement the spectrum is of, in percent of the steps of a run.',
      min: 0,
      max: 100,
      scale: 'linear',
      isInteger: true,
      initial: 100,
    },
    along: {
      kind: 'choice',
      label: 'horizontal axis',
      help: 'Steps, or the sum of the learning rates of these steps, which is the time of gradient flow.',
      options: { step: 'step', time: 'flow time' },
      initial: 'step',
    },
    scale: {
      kind: 'choice',
      label: 'its scale',
      help: 'A logarithmic axis shows what happens early, and leaves out the start itself.',
      options: { linear: 'linear', log: 'logarithmic' },
      initial: 'linear',
    },
    served: {
      kind: 'choice',
      label: 'runs',
      help: 'explore RUN_DIR, on the command line, serves this page with run folders of yours.',
      options: { '0': 'chosen here', '1': 'also those served' },
      initial: '0',
    },
  },
  open({ content, settings, say, warn, left }) {
    let opened: readonly OpenedRun[] = [];
    let waiting: OpenedFolder<FileHandle>[] = [];
    let isReading = false;
    let expected = 0; // runs that are taken and not open yet
    let hasServed = false;
    const list = element('section', { className: 'runs wide', 'aria-label': 'opened runs' });
    const figures = charts.map(({ name, title, of }) => ({ of, chart: createChart(name, title, left) }));
    const reader = task<readonly OpenedFolder<FileHandle>[], OpenedRun>(
      () => new Worker(new URL('./read.worker.ts', import.meta.url), { type: 'module' }),
      left,
    );

    const draw = (): void => {
      const { subspace, at, along, scale } = settings();
      const runs = opened.map(shownRun).filter(({ records }) => records.length > 0);
      for (const { of, chart } of figures) {
        chart.root.hidden = runs.length === 0;
        if (runs.length > 0) chart.show(of(runs, { subspace, axis: { along, scale } }, at / 100));
      }
    };
    const show = (): void => {
      list.replaceChildren(
        ...opened.map((run, i) =>
          runCard(shownRun(run, i), () => {
            opened = opened.filter((one) => one !== run);
            show();
          }),
        ),
      );
      draw();
    };
    const read = (): void => {
      if (isReading || waiting.length === 0) return;
      const folders = waiting;
      waiting = [];
      isReading = true;
      reader.run(
        folders,
        (run) => {
          expected--;
          opened = [...opened, { ...run, name: freeName(run.name, opened) }];
          say(
            `${run.name} is read: ${run.records.length} measurements${run.problems.length > 0 ? ', and it is not intact' : ''}`,
          );
          show();
        },
        (failure) => {
          isReading = false;
          expected = waiting.length;
          if (failure !== undefined) warn(`the files could not be read: ${failure}`);
          read();
        },
      );
    };
    const take = (files: () => FileHandle[] | Promise<FileHandle[]>): void => {
      say('reading …');
      Promise.resolve()
        .then(files)
        .then(
          (found) => {
            if (left.aborted) return;
            const { runs, tables, others } = groupFiles(found);
            const room = Math.max(0, mostRuns - opened.length - expected);
            const said = [
              ...(found.length === 0 ? ['nothing was chosen'] : []),
              ...(runs.length > room
                ? [
                    `${mostRuns} runs at most can be told apart: ${runs.length - room} are left out; take others away first`,
                  ]
                : []),
              ...(tables.length > 8 ? [`8 tables at a time: ${tables.length - 8} are left out`] : []),
              ...(others.length > 0 ? [othersText(others)] : []),
            ];
            say(said.join('. '));
            for (const file of tables.slice(0, 8)) content.append(tableSection(file, () => undefined, left));
            waiting.push(...runs.slice(0, room));
            expected += Math.min(runs.length, room);
            read();
          },
          (error: unknown) => {
            warn((error as Error).message);
          },
        );
    };
    content.append(
      dropArea(
        take,
        {
          'an example': () => {
            take(exampleFiles);
          },
        },
        left,
      ),
      list,
      ...figures.map(({ chart }) => chart.root),
    );
    return ({ served }: { readonly served: string }) => {
      if (served === '1' && !hasServed) {
        hasServed = true;
        take(servedFiles);
      }
      draw();
    };
  },
});

/** A name that no run has yet. */
function freeName(name: string, runs: readonly OpenedRun[]): string {
  const taken = new Set(runs.map((run) => run.name));
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name} (${i})`;
  return free;
}

function othersText(others: readonly string[]): string {
  const some = others.slice(0, 3).map((path) => `'${path.slice(-60)}'`);
  return `${others.length === 1 ? 'one file is' : `${others.length} files are`} neither of a run folder nor a table, and not read: ${some.join(', ')}${others.length > 3 ? ', …' : ''}`;
}
