import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

export const kernelsFile = 'src/numeric/kernels/block-kernels-code.ts';
const source = 'src/numeric/kernels/assembly/block-kernels.ts';

/** The WebAssembly module of the inner loops, compiled from its source. Cost: some seconds. */
export function compiledKernels(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const module = join(folder, 'module.wasm');
    const options = ['-Os', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
    execFileSync(process.execPath, [
      resolve('node_modules/assemblyscript/bin/asc.js'),
      source,
      '-o',
      module,
      ...options,
    ]);
    return readFileSync(module);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The file that holds them: lines of hexadecimal digits. */
export async function kernelsText(module: Uint8Array): Promise<string> {
  const lines = Buffer.from(module)
    .toString('hex')
    .match(/.{1,100}/g)!;
  const text =
    '// Written by `npm run kernels` from assembly/block-kernels.ts.\n\n' +
    '/** The WebAssembly module of the inner loops on vectors, in hexadecimal digits. */\n' +
    `export const blockKernelsCode = [${lines.map((line) => `'${line}'`).join(',\n')}].join('');\n`;
  return format(text, { ...(await resolveConfig(kernelsFile)), parser: 'typescript' });
}

if (process.argv[1]?.endsWith('compiled-kernels.ts') === true) {
  writeFileSync(kernelsFile, await kernelsText(compiledKernels()));
}
