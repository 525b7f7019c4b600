import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenFigure } from '../../../../figures/write-figure.js';
import { DataError } from '../../../errors.js';
import { isObject } from '../../../files/json-object.js';
import { claimFiles } from '../../../files/owned-folder.js';
import { readText } from '../../../files/read-bytes.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import { version } from '../../../version.js';
import type { Experiment, Scale } from './experiment.js';
import { missingData } from './missing-data.js';
import type { PageHead } from './page-head.js';
import { pageOf } from './page.js';
import { hasData, redrawn, reproductionFolder, writeReproduced } from './reproduced-figures.js';
import { withReasons } from './reasons.js';
import type { ResultBook } from './result-book.js';
import { rowOf, type Failures, type Row } from './rows.js';
import { workOrder } from './work-order.js';

/** What was written: every row, finished or not, and the figures. */
export interface WrittenPage {
  readonly rows: readonly Row[];
  readonly figures: readonly WrittenFigure[];
}

export interface PageWriter {
  /** Writes README.md, results.json and figures/ from what is finished; one call at a time. A figure is drawn once. */
  readonly write: (failures: Failures) => Promise<WrittenPage>;
}

export function pageWriter(
  experiments: readonly Experiment[],
  { head, scale, out }: { readonly head: PageHead; readonly scale: Scale; readonly out: string },
  book: ResultBook,
): PageWriter {
  const earlier = earlierRows(out);
  const [drawn, kept] = [new Map<string, WrittenFigure>(), new Map<string, WrittenFigure>()]; // from results, and as the page had them
  const figuresOf = async (experiment: Experiment): Promise<WrittenFigure[]> => {
    const { figures } = experiment;
    const isThere = missingData(experiment) === undefined; // without the data there are no tasks
    const written: WrittenFigure[] = [];
    for (const one of figures) {
      const isFinished = isThere && one.tasks(scale).every(book.isFinished);
      if (!isFinished && !hasData(one, { out, scale })) continue;
      const known = isFinished ? drawn : kept;
      const figure =
        known.get(one.id) ??
        (isFinished
          ? await writeReproduced(one, one.data(book, scale), { out, scale })
          : await redrawn(one, { out, scale }));
      known.set(one.id, figure);
      written.push(figure);
    }
    return written;
  };
  const write = async (failures: Failures): Promise<WrittenPage> => {
    const rows = withReasons(
      experiments.flatMap((experiment) => {
        const state = {
          results: book,
          isFinished: book.isFinished,
          failures,
          missingData: missingData(experiment),
          earlier,
        };
        return experiment.claims.map((claim) => rowOf(experiment, claim, scale, state));
      }),
    );
    const sections = [];
    for (const experiment of experiments) {
      const figures = await figuresOf(experiment);
      sections.push({ experiment, rows: rows.filter((row) => row.experiment === experiment.id), figures });
    }
    const there = experiments.filter((experiment) => missingData(experiment) === undefined);
    const done = workOrder(there, scale).filter(book.isFinished);
    const machines = [...new Set(done.map((task) => book.of(task).machine))].sort();
    const seconds = done.reduce((total, task) => total + book.of(task).seconds, 0);
    claimFiles(out, reproductionFolder, ['results.json', 'README.md']);
    writeAtomically(join(out, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`);
    writeAtomically(join(out, 'README.md'), pageOf({ head, scale, sections, seconds, machines, version }));
    return { rows, figures: sections.flatMap(({ figures }) => figures) };
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    write(failures) {
      const copy = new Map(failures);
      const next = last.then(() => write(copy));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** The rows of the page that is there, by id. Throws DataError where they cannot be read. */
function earlierRows(out: string): ReadonlyMap<string, Row> {
  const path = join(out, 'results.json');
  if (!existsSync(path)) return new Map();
  const wayOut = 'restore it, or move it away to begin a page without it';
  let rows: unknown;
  try {
    rows = JSON.parse(readText(path, wayOut));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${path} is no JSON (${(cause as Error).message}); ${wayOut}`, { cause });
  }
  if (!Array.isArray(rows)) throw new DataError(`${path} holds no list of rows; ${wayOut}`);
  const wrong = rows.findIndex((row) => !isRow(row));
  if (wrong >= 0) throw new DataError(`${path}: entry ${wrong + 1} is no row of a page; ${wayOut}`);
  return new Map((rows as readonly Row[]).map((row) => [row.id, row]));
}

/** Whether a value of JSON has all that is taken from an earlier row. */
function isRow(row: unknown): row is Row {
  if (!isObject(row) || !isObject(row.settings) || !isObject(row.beside) || !Array.isArray(row.values)) return false;
  const { id, values, reason, seconds } = row;
  const isNumbers = (values as readonly unknown[]).every(Number.isFinite);
  return typeof id === 'string' && isNumbers && isText(reason) && (seconds === null || Number.isFinite(seconds));
}

const isText = (value: unknown): boolean => value === null || typeof value === 'string';
