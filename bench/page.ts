import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { servePage } from '../src/explore/serve-page.js';
import { chromiumPath } from '../test/web/chromium.js';
import { line } from './ratio.js';

/**
 * The page in Chromium: what each view asks for, packed, and how long a slider takes from its event to the frame in which all is drawn, with the part of it that the main thread computes; medians and the slowest of 40 moves.
 *
 *   npx tsx bench/page.ts
 */
if (chromiumPath === undefined) throw new Error('this needs Chromium: apt-get install chromium, or CHROMIUM=path');
const folder = mkdtempSync(join(tmpdir(), 'page-'));
await build({ root: 'web', logLevel: 'error', build: { outDir: folder } });
const served = await servePage({ page: folder, folders: [] });
const browser = await chromium.launch({ executablePath: chromiumPath, chromiumSandbox: false });

for (const view of ['model', 'where', 'collapse', 'sgd', 'runs', 'theorems']) {
  const page = await browser.newPage();
  const sizes: number[] = [];
  const read: Promise<unknown>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(served.url))
      read.push(response.body().then((body) => sizes.push(gzipSync(body).length)));
  });
  await page.goto(`${served.url}#/${view}`);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(2000); // workers ask for their own
  await Promise.all(read);
  const sum = sizes.reduce((all, size) => all + size, 0);
  line(`${view}: requests; kB packed  `, `${sizes.length}; ${(sum / 1000).toFixed(1)}`);
  await page.close();
}

const moves = 40;
for (const [what, hash, sliders] of [
  ['model, k = 10', '#/model', ['classes', 'noise', 'times']],
  ['model, k = 1000', '#/model?classes=1000&dim=2000', ['noise', 'dim', 'times']],
  ['model, k = 1000, without noise', '#/model?classes=1000&dim=2000&noise=0', ['classes', 'dim']],
  ['where, k = 1000', '#/where?classes=1000&dim=2000', ['noise', 'relative']],
] as const) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${served.url}${hash}`);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(3000);
  for (const slider of sliders) line(`${what}: ${slider}  `, await moved(page, slider));
  await page.close();
}
await browser.close();
await served.close();
rmSync(folder, { recursive: true });

/** Milliseconds of the moves of a slider: median and most, on the clock; and the main thread's own, on average. */
async function moved(page: Page, slider: string): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await busy();
  const times = await page.evaluate<number[]>(`(async () => {
    const slider = document.getElementById('control-${slider}');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times = [];
    for (let i = 0; i < ${moves}; i++) {
      slider.value = String(120 + 4 * i);
      const start = performance.now();
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return times;
  })()`);
  const thread = ((await busy()) - before) / moves;
  times.sort((x, y) => x - y);
  return `${times[moves >> 1]!.toFixed(0)}, at most ${times.at(-1)!.toFixed(0)}; main thread ${thread.toFixed(0)}`;
}
