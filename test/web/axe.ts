import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on a page as it is now: the rule, what is wrong, and where. Of some rules only, where they are named. */
export async function seriousFindings(page: Page, ...rules: readonly string[]): Promise<string[]> {
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { readonly axe: Axe }).axe.run(document, only.length > 0 ? { runOnly: only } : {}),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary ?? ''}`)); // prettier-ignore
}

interface Axe {
  readonly run: (root: Document, options: { readonly runOnly?: readonly string[] }) => Promise<AxeResults>;
}
