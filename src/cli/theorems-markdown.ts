import { byFamily, remarksOn, type PrintedClaim, type TheoremsDocument } from './theorems-document.js';

/** A page in Markdown, with formulas between double dollars, as GitHub and others show them. */
export function markdownOf(document: TheoremsDocument): string {
  const count = (expected: string): number =>
    document.theorems.filter((theorem) => theorem.expected === expected).length;
  const head = [
    '# Theorems',
    `${document.theorems.length} claims: ${count('proved')} proved in exact arithmetic, ${count('checked')} checked in floating point with stated bounds or on random cases, ${count('refuted')} false and refuted. Made by \`tiny-subspace theorems\`; with \`--evidence\` each is checked.`,
  ];
  const families = byFamily(document).flatMap(([family, claims]) => [
    `## ${markdownText(family)}`,
    ...claims.flatMap(claimInMarkdown),
  ]);
  return `${[...head, notationTable(document), ...families].join('\n\n')}\n`;
}

const notationTable = ({ notation }: TheoremsDocument): string =>
  [
    '## Notation\n',
    '| symbol | meaning |',
    '| --- | --- |',
    ...notation.map(({ symbol, meaning }) => `| ${markdownText(symbol)} | ${markdownText(meaning)} |`),
  ].join('\n');

const claimInMarkdown = (claim: PrintedClaim): string[] => [
  `### ${claim.id}`,
  markdownText(claim.statement),
  `$$\n${claim.formula}\n$$`,
  remarksOn(claim)
    .map(([word, text]) => `- **${word}:** ${markdownText(text)}`)
    .join('\n'),
];

/** Text in which nothing means markup. */
const markdownText = (text: string): string => text.replaceAll(/[\\`*_[\]<>|$~#]/g, '\\$&');
