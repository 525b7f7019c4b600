import type { Experiment } from './experiment.js';
import { cell, oursOf } from './markdown.js';
import type { Row } from './rows.js';

/** An experiment with its rows and the ids of its figures that are there. */
interface Section {
  readonly experiment: Experiment;
  readonly rows: readonly Row[];
  readonly figures: readonly { readonly id: string }[];
}

const link = (arxiv: string): string => `[arXiv:${arxiv}](https://arxiv.org/abs/${arxiv})`;

const lines = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

/** One row for each later work: its definition and claim, the row that stands for it, and its figures. Nothing where there are no such works. */
export function worksTable(sections: readonly Section[]): string[] {
  const rows = sections.flatMap(({ experiment: { work, title }, rows: own, figures }) => {
    const row = own.find(({ id }) => id === work?.headline);
    if (work === undefined || row === undefined) return [];
    const { name, arxiv, definition, isOurDefinition, claim } = work;
    return [
      [
        `${name}, ${link(arxiv)}`,
        isOurDefinition ? `${definition} (ours: theirs is not published)` : definition,
        claim,
        `${row.statement}: ${oursOf(row)}`,
        row.paper === null ? '–' : String(row.paper),
        row.verdict === 'outside' ? '**outside**' : row.verdict,
        [`[${title}](#${anchorOf(title)})`, ...figures.map(({ id }) => `[${id}](figures/${id}.png)`)].join(', '),
      ],
    ];
  });
  const head = ['work', 'definition', 'claim', 'ours', 'held against', 'verdict', 'section and figures'];
  return rows.length === 0 ? [] : ['## Each work in one row', lines(head, rows)];
}

/** What the theory of this package says to each claim. Nothing where no row is held against one. */
export function explanationsTable(sections: readonly Section[]): string[] {
  const rows = sections.flatMap(({ experiment: { work, title }, rows: own }) =>
    own.flatMap((row) => {
      const { explains, statement, paper } = row;
      if (explains === undefined) return [];
      const { by, says } = explains;
      const target = String(paper ?? '–');
      return [[work?.name ?? title, by, says, `${statement}: ${oursOf(row)}`, target, explanationOf(row)]];
    }),
  );
  const head = ['work', 'by', 'what it says', 'ours', 'held against', 'so it is'];
  return rows.length === 0 ? [] : ['## What the noise law and the exact model say of each claim', lines(head, rows)];
}

/** What a row that holds a theory against a measurement found. */
export function explanationOf({ explains, verdict }: Row): string {
  if (verdict === 'within') return 'explained';
  return verdict === 'outside' ? `**${explains!.otherwise}**` : verdict;
}

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
