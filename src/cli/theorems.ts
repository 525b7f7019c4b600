import { Command, Option } from 'commander';
import { UsageError } from '../errors.js';
import { nameList } from './options.js';
import { printJson, printText } from './output.js';
import type { TheoremsDocument } from './theorems-document.js';
import { latexOf } from './theorems-latex.js';
import { markdownOf } from './theorems-markdown.js';
import { runVerification } from './verify.js';

interface TheoremsOptions {
  readonly format?: 'markdown' | 'latex';
  readonly only?: readonly string[];
  readonly evidence: boolean;
  readonly json: boolean;
}

export function theoremsCommand(signal: AbortSignal): Command {
  return new Command()
    .addOption(new Option('--format <FORMAT>', 'the page as text (default: markdown)').choices(['markdown', 'latex']))
    .option('--only <IDS>', 'some of the claims, by their ids', nameList)
    .option('--evidence', 'check each, and say what was found', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace theorems --format latex > theorems.tex\n  $ tiny-subspace theorems --only rank,level-ratio --evidence',
    )
    .action(async ({ format, only, evidence, json }: TheoremsOptions) => {
      if (json && format !== undefined)
        throw new UsageError(
          `--json prints one JSON document, whatever --format ${format} says; leave one of them out`,
        );
      const document = await statedTheorems(signal, only, evidence);
      if (json) printJson(document);
      else printText(format === 'latex' ? latexOf(document) : markdownOf(document));
      if (document.theorems.some(({ found }) => found?.ok === false)) process.exitCode = 1;
    });
}

/** The claims, or those asked for, in the order of the argument. Throws UsageError where there is none of an id. */
async function statedTheorems(
  signal: AbortSignal,
  only: readonly string[] | undefined,
  evidence: boolean,
): Promise<TheoremsDocument> {
  const { claims } = await import('../../theory/claims.js');
  const { notation } = await import('../../theory/notation.js');
  const unknown = only?.find((id) => !claims.some((claim) => claim.id === id));
  if (unknown !== undefined)
    throw new UsageError(`there is no claim '${unknown}'; legal are ${claims.map(({ id }) => id).join(', ')}`);
  const asked = claims.filter(({ id }) => only?.includes(id) ?? true);
  if (!evidence) return { notation, theorems: asked };
  const ids = asked.map(({ id }) => id);
  const { theorems: verified } = await runVerification(signal, 1, ids);
  return {
    notation,
    theorems: asked.map((claim, i) => {
      const { verdict, ok, evidence: found } = verified[i]!;
      return { ...claim, found: { verdict, ok, evidence: found } };
    }),
  };
}
