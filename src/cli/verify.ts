import { Command } from 'commander';
import { verify, type VerifyDocument } from '../../theory/index.js';
import { printJson, printLine, printTable } from './output.js';

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'check every theorem against the library, and refute the statements that are false; exit code 1 if any fails',
    )
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace verify')
    .action((options: { readonly json: boolean }) => {
      const document = verify();
      if (options.json) printJson(document);
      else printVerification(document);
      if (!document.ok) process.exitCode = 1;
    });
}

export function printVerification({ theorems, ok }: VerifyDocument): void {
  printTable(
    ['', 'verdict', 'ms', 'claim'],
    theorems.flatMap((theorem) => [
      [theorem.ok ? '✓' : '✗', verdict(theorem), theorem.milliseconds.toFixed(0), theorem.statement],
      ['', '', '', `  ${theorem.reference} · ${theorem.evidence}`],
    ]),
  );
  const count = (wanted: string): number => theorems.filter((theorem) => theorem.verdict === wanted).length;
  const total = theorems.reduce((sum, theorem) => sum + theorem.milliseconds, 0) / 1000;
  printLine();
  printLine(
    `${count('proved')} proved, ${count('checked')} checked, ${count('refuted')} refuted as they should be, in ${total.toFixed(1)} s` +
      (ok
        ? ''
        : `; NOT AS EXPECTED: ${theorems
            .filter((theorem) => !theorem.ok)
            .map((theorem) => theorem.id)
            .join(', ')}`),
  );
}

function verdict({ verdict: found, expected }: VerifyDocument['theorems'][number]): string {
  if (found !== expected) return `${found}, expected ${expected}`;
  return found === 'refuted' ? 'refuted as expected' : found;
}
