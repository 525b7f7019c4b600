import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/**
 * `npm run test:package`: packs this checkout, installs the tarball in empty folders as a user would, and uses it there: the library, its
 * types, its pages, and every command. Only the npm registry is reached: what install scripts download is refused. Exits 1 at the first
 * thing that fails.
 */
const checkout = join(import.meta.dirname, '../..');
const base = mkdtempSync(join(tmpdir(), 'tiny-subspace-package-'));
let passed = 0;

const useOfTypes = `
  import { exactFlow, exactSnapshot, randomWeights, topFraction, type Snapshot } from 'tiny-subspace';
  import { input, matmul, type Tensor } from 'tiny-subspace/network';
  import { symmetricPoint } from 'tiny-subspace/exact';
  import { theorems } from 'tiny-subspace/theory';
  import { phaseDiagramFigure, render, type Figure } from 'tiny-subspace/figures';
  const snapshot: Snapshot = exactSnapshot(exactFlow(3, randomWeights(3, 0.1, 1)).at(10), 5);
  export const lower: number = topFraction(snapshot, 3).lower;
  export const product: Tensor = matmul(input('a', ['n', 2]), input('b', [2, 3]));
  export const ids: string[] = theorems.map(({ id }) => id);
  export const figure = (): Figure => phaseDiagramFigure({ classes: 5 });
  export const pdf = async (): Promise<Uint8Array | undefined> => (await render(figure(), { pdf: true })).pdf;
  // @ts-expect-error: a snapshot is not a number
  export const wrong: number = snapshot;
`;

function check(name: string, holds: boolean, found: unknown = ''): void {
  if (!holds) throw new Error(`${name}: ${String(found)}`);
  passed++;
  console.log(`ok  ${name}`);
}

/** The proxy of onnxruntime-node's install script, a port on which nothing listens. npm itself has other variables. */
const env = { ...process.env, GLOBAL_AGENT_HTTP_PROXY: 'http://127.0.0.1:9' };

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

function outputOf(cwd: string, command: string, ...args: string[]): Output {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${String(status)}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

const run = (cwd: string, command: string, ...args: string[]): string => outputOf(cwd, command, ...args).stdout;

function install(folder: string, tarball: string, ...options: string[]): string {
  const path = join(base, folder);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(path, 'npm', 'install', '--no-audit', '--no-fund', ...options, tarball);
  return path;
}

/** A strict TypeScript project that reads every declaration, those of the packages too. */
function compileTypes(folder: string): void {
  writeFileSync(join(folder, 'use.ts'), useOfTypes);
  const compiler = join(checkout, 'node_modules/typescript/bin/tsc');
  run(
    folder,
    process.execPath,
    compiler,
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    'use.ts',
  );
}

/** Relative links of the pages in a folder that lead nowhere. */
function brokenLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !name.includes('node_modules'),
  );
  return pages.flatMap((page) =>
    [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\(([^)#]+)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^https?:/.test(target) && !existsSync(join(folder, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
}

/** The page as `explore` serves it from an installed package: that it is there with its code, and ends by Ctrl-C. */
async function explore(folder: string): Promise<void> {
  const main = join(folder, 'node_modules/tiny-subspace/dist/src/cli/main.js');
  const server = spawn(process.execPath, [main, 'explore', 'run', '--no-open', '--json'], { cwd: folder });
  try {
    let printed = '';
    for await (const chunk of server.stdout) {
      printed += String(chunk);
      if (printed.endsWith('\n}\n')) break;
    }
    const { url, folders } = JSON.parse(printed) as { url: string; folders: { name: string }[] };
    check(
      'npx tiny-subspace explore opens a folder',
      url.endsWith('/#/runs?served=1') && folders[0]?.name === 'run',
      printed,
    );
    const page = await (await fetch(url)).text();
    const script = / src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1] ?? 'none';
    const code = await fetch(new URL(script, url));
    check(
      'it serves the page and its code',
      code.headers.get('content-type') === 'text/javascript' && (await code.text()).length > 1000,
      page,
    );
    const records = await fetch(new URL('run/0/records.jsonl', url));
    check('and the records', (await records.text()).split('\n').length === 7, records.status);
  } finally {
    server.kill('SIGINT');
  }
  const [status] = (await once(server, 'exit')) as [number];
  check('Ctrl-C ends it', status === 130, status);
}

try {
  run(checkout, 'npm', 'pack', '--pack-destination', base);
  const [name] = readdirSync(base).filter((file) => file.endsWith('.tgz'));
  const tarball = join(base, name!);
  const size = statSync(tarball).size;
  check(`the tarball has ${(size / 1e6).toFixed(2)} MB, the pictures of the pages 4 of them`, size < 8e6, size);
  run(checkout, 'npx', 'publint', '--strict', tarball);
  check('publint finds nothing', true);
  run(checkout, 'npx', 'attw', tarball, '--profile', 'esm-only');
  check('the types resolve (attw, esm-only)', true);

  const user = install('user', tarball);
  const json = (...args: string[]): unknown => JSON.parse(run(user, 'npx', 'tiny-subspace', ...args, '--json'));
  const script =
    "import { symmetricPoint } from 'tiny-subspace'; console.log(symmetricPoint(10, 1e3).margin.toFixed(10));";
  const margin = run(user, process.execPath, '--input-type=module', '--eval', script).trim();
  check('the library can be imported', margin === '6.8452338110', margin);

  compileTypes(user);
  check('a strict TypeScript project compiles against it, its declarations included', true);
  const broken = brokenLinks(join(user, 'node_modules/tiny-subspace'));
  check('the links of its pages lead somewhere', broken.length === 0, broken.join(', '));

  const solved = json('solve', '--classes', '10', '--dim', '50', '--times', '1') as { states: { margin: number }[] };
  check('npx tiny-subspace solve', Math.abs(solved.states[0]!.margin - 0.0994882756) < 1e-10, solved.states[0]!.margin);
  check('npx tiny-subspace verify', (json('verify') as { ok: boolean }).ok);

  const training = 'train --data mixture:3,5,0.1,100 --model mlp:4 --steps 20 --top 5 --json --out'.split(' ');
  const train = (out: string): Output => outputOf(user, 'npx', 'tiny-subspace', ...training, out);
  const lossesOf = ({ stdout }: Output): number[] =>
    (JSON.parse(stdout) as { records: { loss: number }[] }).records.map(({ loss }) => loss);
  const plain = train('run');
  const losses = lossesOf(plain);
  check('npx tiny-subspace train, after one plain npm install', losses.length === 6, plain.stdout.slice(0, 200));
  const advised = /npm install onnxruntime-node@\S+ --\S+/.exec(plain.stderr)?.[0];
  const isNative = existsSync(join(user, 'node_modules/onnxruntime-node'));
  check(
    'it names what is missing for the native runtime, if that is',
    isNative === (advised === undefined),
    plain.stderr,
  );
  if (advised !== undefined) run(user, advised.split(' ')[0]!, ...advised.split(' ').slice(1));
  const native = train('native');
  check('the command it names helps', native.stderr === '', native.stderr);
  const differences = lossesOf(native).map((loss, i) => Math.abs(loss - losses[i]!));
  check('both runtimes train alike', Math.max(...differences) < 1e-4, differences.join(' '));
  const measured = json('spectrum', '--checkpoint', 'run/weights/step-00000020.safetensors', '--top', '3');
  check('npx tiny-subspace spectrum', (measured as { top: { eigenvalues: number[] } }).top.eigenvalues.length === 3);

  await explore(user);

  const grid = 'sweep --command solve --grid classes=2,3 --grid noise=0.1,0.2 --out'.split(' ');
  const swept = json(...grid, 'sweep') as { runs: number; failures: object[] };
  check('npx tiny-subspace sweep, its runs in processes', swept.runs === 4 && swept.failures.length === 0);
  const queue = spawnSync('npx', ['tiny-subspace', 'worker', '--redis', 'redis://127.0.0.1:1'], { cwd: user });
  check('worker has the packages of its queue', String(queue.stderr).includes('no Redis can be reached'), queue.stderr);

  const only = ['--only', 'spectrum,closed-form,subspace-overlap', '--seed', '3'];
  json('figures', ...only, '--out', 'figures');
  run(checkout, 'npm', 'run', '--silent', 'cli', '--', 'figures', ...only, '--out', join(base, 'checkout'));
  const contents = (folder: string): (string | Buffer)[] =>
    readdirSync(folder).flatMap((file) => [file, readFileSync(join(folder, file))]);
  const drawn = contents(join(user, 'figures'));
  check('npx tiny-subspace figures: four files each, and a manifest', drawn.length === 26, drawn.length);
  check(
    'the figures are those of the checkout, to the byte',
    isDeepStrictEqual(drawn, contents(join(base, 'checkout'))),
  );

  const drawing =
    "import { closedFormFigure, render } from 'tiny-subspace/figures'; const { pdf } = await render(closedFormFigure(), { pdf: true }); console.log(pdf.length > 5000);";
  const large = run(user, process.execPath, '--input-type=module', '--eval', drawing).trim();
  check('a program draws a figure as PDF', large === 'true', large);

  const bare = install('bare', tarball, '--omit=optional');
  run(bare, 'npx', 'tiny-subspace', 'solve', '--json');
  check('solve works without the optional packages', true);
  compileTypes(bare);
  check('so do its types', true);
  const refused = spawnSync('npx', ['tiny-subspace', 'figures'], { cwd: bare, encoding: 'utf8' });
  check('figures without the optional packages is a usage error', refused.status === 2, refused.status);
  check('that names them', refused.stderr.includes('npm install @napi-rs/canvas@'), refused.stderr);
  const untrained = spawnSync('npx', ['tiny-subspace', 'train', '--data', 'sine'], { cwd: bare, encoding: 'utf8' });
  check('train without a runtime is a usage error', untrained.status === 2, untrained.stderr);
  check('that names it', untrained.stderr.includes('--onnxruntime-node-install=skip'), untrained.stderr);
  const queueless = spawnSync('npx', ['tiny-subspace', 'worker', '--redis', 'redis://localhost'], { cwd: bare });
  check('a queue without its packages is a usage error', queueless.status === 2, queueless.stderr);
  check('that names bullmq', String(queueless.stderr).includes('npm install bullmq@'), queueless.stderr);
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  console.error(`FAILED  ${error instanceof Error ? error.message : String(error)}\n${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  rmSync(base, { recursive: true });
}
