import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { interval, short } from '../../src/numeric/short-number.js';
import { captured } from '../cli/captured.js';
import { chromiumPath } from './chromium.js';

/** A page that notes what goes wrong on it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts and of the console. */
  readonly errors: readonly string[];
  /** Requests to anywhere but the page's own server. */
  readonly foreign: readonly string[];
}

/** Tests in Chromium; skipped where there is none. `opened` opens an address of the page in a window of its own. */
export function inBrowser(
  name: string,
  tests: (opened: (hash?: string, size?: Size) => Promise<OpenPage>) => void,
): void {
  describe.skipIf(chromiumPath === undefined)(name, () => {
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: chromiumPath!, chromiumSandbox: false });
    });
    afterAll(async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
    });
    tests(async (hash = '', viewport = { width: 1280, height: 900 }) => {
      const context = await browser.newContext({
        viewport,
        locale: 'de-DE',
        permissions: ['clipboard-write'],
        acceptDownloads: true,
      });
      contexts.push(context);
      const page = await context.newPage();
      const [errors, foreign]: [string[], string[]] = [[], []];
      const site = inject('site');
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(site) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
      });
      await page.goto(`${site}${hash}`);
      await page.locator('main h1').waitFor();
      return { page, errors, foreign };
    });
  });
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface ShownNumber {
  readonly command: string;
  readonly json: string;
  readonly digits: number;
  readonly text: string;
}

/** Holds every number on the page that says where it comes from (`shown`, `evidence`) against the command line; returns how many there are. */
export async function expectNumbersOfCommands(page: Page): Promise<number> {
  const all = await page.$$eval('[data-command] [data-json]', (outputs) =>
    outputs.map((output): ShownNumber => ({
      command: output.closest<HTMLElement>('[data-command]')!.dataset.command!,
      json: (output as HTMLElement).dataset.json!,
      digits: Number((output as HTMLElement).dataset.digits),
      text: output.textContent,
    })),
  );
  const documents = new Map<string, unknown>();
  for (const { command, json, digits, text } of all) {
    if (!documents.has(command)) {
      const { code, stdout, stderr } = await captured(() => runCli([...command.split(' '), '--json']));
      expect({ command, code, stderr }).toMatchObject({ command, code: 0 });
      documents.set(command, JSON.parse(stdout));
    }
    expect({ command, json, text }).toEqual({
      command,
      json,
      text: textOf(valueAt(documents.get(command), json), digits),
    });
  }
  return all.length;
}

/** `states[0].levels[2].value` of a document. */
function valueAt(document: unknown, json: string): unknown {
  return json
    .split(/[.[\]]+/)
    .filter((name) => name !== '')
    .reduce((value, name) => (value as Readonly<Record<string, unknown>>)[name], document);
}

function textOf(value: unknown, digits: number): string {
  if (value === null) return '–';
  if (typeof value === 'object') return interval(value as { readonly lower: number; readonly upper: number }, digits);
  return typeof value === 'number' ? short(value, digits) : JSON.stringify(value);
}
