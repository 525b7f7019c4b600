import { Command } from 'commander';
import type { VerifyDocument } from '../../theory/index.js';
import { seed } from './options.js';
import { printJson, printLine } from './output.js';
import { startProgress } from './progress.js';

export function verifyCommand(signal: AbortSignal): Command {
  return new Command()
    .option('--seed <N>', 'seed of the random cases of property-based checks', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace verify')
    .action(async (options: { readonly seed: number; readonly json: boolean }) => {
      const document = await runVerification(signal, options.seed);
      if (options.json) printJson(document);
      else printVerification(document);
      if (!document.ok) process.exitCode = 1;
    });
}

/** Checks all claims, or those with these ids, with a progress bar. Throws the reason of the signal once the processes are told to end. */
export async function runVerification(
  signal: AbortSignal,
  chosenSeed = 1,
  only?: readonly string[],
): Promise<VerifyDocument> {
  const { theorems } = await import('../../theory/theorems.js');
  const { verifyInProcesses } = await import('./verify-in-processes.js');
  const ids = only ?? theorems.map(({ id }) => id);
  const bar = startProgress('verify', ids.length);
  try {
    return await verifyInProcesses(ids, chosenSeed, signal, (done) => {
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

export function printVerification({ theorems, ok }: VerifyDocument): void {
  for (const theorem of theorems) {
    const mark = theorem.ok ? '✓' : '✗';
    printLine(`${mark} ${theorem.id} — ${verdict(theorem)}, ${theorem.milliseconds.toFixed(0)} ms`);
    printLine(`    ${theorem.statement}`);
    printLine(`    ${theorem.reference} · ${theorem.method}: ${theorem.evidence}`);
  }
  printLine();
  printLine(verificationSummary({ theorems, ok }));
}

/** One line: how many of each verdict, in how long, and what is not as expected. */
export function verificationSummary({ theorems, ok }: VerifyDocument): string {
  const count = (wanted: string): number => theorems.filter((theorem) => theorem.verdict === wanted).length;
  const seconds = theorems.reduce((sum, theorem) => sum + theorem.milliseconds, 0) / 1000;
  const failed = theorems.filter((theorem) => !theorem.ok).map((theorem) => theorem.id);
  return (
    `${theorems.length} claims: ${count('proved')} proved, ${count('checked')} checked, ${count('refuted')} refuted, ${seconds.toFixed(1)} s of processor time; ` +
    (ok ? 'all as expected' : `NOT AS EXPECTED: ${failed.join(', ')}`)
  );
}

function verdict({ verdict: found, expected }: VerifyDocument['theorems'][number]): string {
  if (found !== expected) return `${found}, expected ${expected}`;
  return found === 'refuted' ? 'refuted as expected' : found;
}
