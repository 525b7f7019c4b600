import { build } from 'esbuild';
import { runInNewContext, runInThisContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import * as exact from '../../src/exact.js';

let script: string;
let sources: string[];
beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/exact.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'exact',
    minify: true,
    write: false,
    metafile: true,
    outdir: '.',
  });
  script = outputFiles[0]!.text;
  sources = Object.keys(metafile.inputs);
});

describe('tiny-subspace/exact', () => {
  it('is a bundle for browsers of less than 120 kB, of this model and its random streams', () => {
    expect(script.length).toBeGreaterThan(20_000);
    expect(Buffer.byteLength(script)).toBeLessThan(120_000);
    const packages = sources.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual(['@noble/hashes', 'pure-rand']);
  });

  it('exports the same there as here', () => {
    const names = runInNewContext(`${script}; Object.keys(exact).join()`, browser()) as string;
    expect(names.split(',').sort()).toEqual(Object.keys(exact).sort());
  });

  it.each([
    ['without noise', 'exact.topFraction(exact.symmetricSnapshot(10, 50, 3), 10).lower'],
    ['random weights', 'exact.exactFlow(4, exact.randomWeights(4, 0.5, 7)).at(3).loss'],
    ['at finite noise', 'exact.boundary(5, 0.3).margin'],
    [
      'a mixture',
      `exact.populationPoint(
         exact.mixtureFromGram({ gram: [1, 0.2, 0.2, 1], dim: 3, noises: [0.3, 0.5] }),
         Float64Array.of(1, 0, 0, 0, 1, 0), exact.tensorHermite(20)).loss`,
    ],
    [
      'the flow',
      'exact.integrateSoftmaxFlow({ classes: 3, initial: new Float64Array(9), times: [0, 2] }).states[1][0]',
    ],
  ])('gives the same numbers where there is no node: %s', (_, expression) => {
    const there = runInNewContext(`${script}; ${expression}`, browser()) as number;
    const here = (runInThisContext(`(exact) => ${expression}`) as (library: typeof exact) => number)(exact);
    expect(Number.isFinite(there)).toBe(true);
    expect(there).toBe(here);
  });
});

/** What a browser has besides the language, of what is needed. */
function browser(): Record<string, unknown> {
  return { TextEncoder };
}
