import type { WrittenFigure } from '../../../../figures/write-figure.js';
import { explanationsTable, worksTable } from './later-works.js';
import { oursOf, table } from './markdown.js';
import type { Experiment, Scale } from './experiment.js';
import type { PageHead } from './page-head.js';
import type { Row } from './rows.js';
import { verdictRule } from './verdict.js';

export interface PageContents {
  readonly head: PageHead;
  readonly scale: Scale;
  readonly sections: readonly {
    readonly experiment: Experiment;
    readonly rows: readonly Row[];
    readonly figures: readonly WrittenFigure[];
  }[];
  /** Wall time of all finished tasks, each once. */
  readonly seconds: number;
  /** On which tasks were finished. */
  readonly machines: readonly string[];
  readonly version: string;
}

const quickRun = '**This is a quick run**';

/** The scale of the runs behind a page, as it says itself. */
export function scaleOfPage(text: string): Scale {
  return text.includes(quickRun) ? 'quick' : 'full';
}

/** The page: everything a reader needs to see at once what holds, and how it was found. It depends on its argument alone. */
export function pageOf({ head, scale, sections, seconds, machines, version }: PageContents): string {
  const rows = sections.flatMap(({ rows: own }) => own);
  const count = (verdict: Row['verdict']): number =>
    rows.filter((row) => row.verdict === verdict && row.variationOf === null).length;
  const parts = [
    `# ${head.title}`,
    `${head.intro} Written by \`npm run reproduce\`; do not edit.`,
    ...(scale === 'quick'
      ? [
          `> ${quickRun}: the same code on fewer samples and steps, to see that it works. Its numbers are not the reproduction; \`npm run reproduce\` gives them.`,
        ]
      : []),
    `Of ${rows.filter(({ variationOf }) => variationOf === null).length} rows, variations of a setting not counted, ${count('within')} are within, ${count('outside')} outside, ${count('shown')} shown without a number to compare, ` +
      `${count('no value') > 0 ? `${count('no value')} without a value, ` : ''}${count('not yet run')} not yet run, ${count('not run')} not run. Measured with version ${version}${machines.map((machine) => ` on ${machine}`).join(', and')}; wall time of all runs, one process each: ${duration(seconds)}.${earlierRows(rows)}`,
    ...worksTable(sections),
    ...explanationsTable(sections),
    ...outside(sections),
    verdictRule,
    ...sections.flatMap(({ experiment, rows: own, figures }) => section(head.prefix, experiment, own, figures)),
    ...(head.closing === undefined ? [] : [head.closing]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Which rows are those that the page had. */
function earlierRows(rows: readonly Row[]): string {
  const earlier = rows.filter(({ isEarlier }) => isEarlier);
  if (earlier.length === 0) return '';
  return ` Of all rows ${earlier.length} were measured earlier, by runs that are not in this folder: ${earlier.map(({ id }) => id).join(', ')}.`;
}

/** So that a reader sees at once what does not hold. */
function outside(sections: PageContents['sections']): string[] {
  const listed = sections.flatMap(({ experiment, rows }) => {
    const own = rows.filter(({ verdict, variationOf }) => verdict === 'outside' && variationOf === null);
    if (own.length === 0) return [];
    return [
      `- ${experiment.title}: ${own.map((row) => `${row.statement}: ${oursOf(row)} (${String(row.paper)})`).join('; ')}.`,
    ];
  });
  return listed.length === 0 ? [] : [`Outside, ours and in brackets what it is held against:`, listed.join('\n')];
}

function section(
  prefix: string,
  { id, title, source, about }: Experiment,
  rows: readonly Row[],
  figures: readonly WrittenFigure[],
): string[] {
  const main = rows.filter(({ variationOf }) => variationOf === null);
  const variations = rows.filter(({ variationOf }) => variationOf !== null);
  const missing = rows.length > 0 && rows.every(({ verdict }) => verdict === 'not run');
  const reasons = missing ? [] : rows.filter(isExplained);
  return [
    `## ${title}`,
    `${source}. \`npm run reproduce -- --only ${prefix}${id}\``,
    about,
    ...(missing ? [`**${[...new Set(rows.map(({ reason }) => `not run: ${reason ?? ''}`))].join('; ')}**`] : []),
    ...(main.length === 0 ? [] : [table(main)]),
    ...(main.length === 0 || variations.length === 0 ? [] : ['What moves it:']),
    ...(variations.length === 0 ? [] : [table(variations)]),
    ...(reasons.length === 0 ? [] : [reasons.map(({ statement, reason }) => `- ${statement}: ${reason!}`).join('\n')]),
    ...figures.flatMap(shownFigure),
    ...settingsOf(rows),
  ];
}

/** A figure of the page: the picture, and its caption in one paragraph. */
export function shownFigure({ id, title, caption }: WrittenFigure): string[] {
  return [`![${title}](figures/${id}.png)`, caption];
}

/** That a number is within, or how far a variation is from it, is seen in the table. */
function isExplained({ reason, verdict, paper, variationOf }: Row): boolean {
  if (reason === null) return false;
  if (verdict === 'not run' || verdict === 'no value') return true;
  return typeof paper !== 'number' || (verdict === 'outside' && variationOf === null);
}

/** The settings of the rows, one line for those that share them. */
function settingsOf(rows: readonly Row[]): string[] {
  const statements = new Map<string, string[]>();
  for (const { statement, settings, ours } of rows) {
    if (ours === null) continue;
    const shown = shownSettings(settings);
    statements.set(shown, [...(statements.get(shown) ?? []), statement]);
  }
  const lines = Array.from(statements, ([shown, own]) => `- ${own.join('; ')}: ${shown}`);
  if (lines.length === 0) return [];
  return [`<details><summary>Settings</summary>\n\n${lines.join('\n')}\n\n</details>`];
}

function shownSettings(settings: Row['settings']): string {
  return Object.entries(settings)
    .filter(([key]) => key !== 'scale')
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}

/** `95 s`, `12 min`, `3.4 h`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
