import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { browserCommand } from '../../src/explore/open-browser.js';
import { pageFolder } from '../../src/explore/page-folder.js';
import { runFolders } from '../../src/explore/run-folder.js';
import { servePage, type ServedPage } from '../../src/explore/serve-page.js';

vi.mock('../../src/explore/page-folder.js', async (original) => {
  const actual = await original<typeof import('../../src/explore/page-folder.js')>();
  return { pageFolder: (root = folder) => actual.pageFolder(root) };
});

let folder: string;
let served: ServedPage;
const large = 6_000_000;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explore-'));
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('dist-web/index.html', '<title>the page</title>');
  write('dist-web/assets/a.js', '1;\n');
  write('run/records.jsonl', '{"step":0}\n');
  write('run/manifest.json', '{}');
  write('run/tiny-subspace.lock', 'not for the page');
  write(
    'run/weights/step-1.safetensors',
    Uint8Array.from({ length: 100 }, (_, i) => i),
  );
  write('run/weights/notes.txt', 'not for the page');
  write('run/weights/.safetensors', 'not for the page');
  write('other/run/results.csv', 'lr\n1\n');
  write('secret.csv', 'a secret');
  symlinkSync(join(folder, 'secret.csv'), join(folder, 'run/summary.csv'));
  symlinkSync('manifest.json', join(folder, 'run/config.json'));
  write('growing/records.jsonl', new Uint8Array(large));
  mkdirSync(join(folder, 'neither'));
  served = await servePage({
    page: pageFolder(),
    folders: runFolders(['run', 'other/run', 'growing', 'run/'].map((name) => join(folder, name))),
  });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The path as it stands, which fetch would tidy up. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(served.url, { path, headers, method, agent: false }, (response) => {
      void text(response).then((body) => {
        resolve({ status: response.statusCode, body, headers: response.headers });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('the server of explore', () => {
  it('serves the page, to this machine alone, with a policy that lets it ask nobody else', async () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { status, body, headers } = await ask('/');
    expect({ status, body }).toEqual({ status: 200, body: '<title>the page</title>' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; script-src 'self' 'wasm-unsafe-eval';/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask('/assets/a.js')).headers['content-type']).toBe('text/javascript');
  });

  it('lists what the page reads of the folders, each once, and nothing else', async () => {
    const { status, body, headers } = await ask('/run/index.json');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect({ status, index: JSON.parse(body) as unknown }).toEqual({
      status: 200,
      index: {
        folders: [
          {
            name: join(folder, 'run'), // two are called so
            files: [
              { path: 'records.jsonl', bytes: 11 },
              { path: 'manifest.json', bytes: 2 },
              { path: 'config.json', bytes: 2 },
              { path: 'weights/step-1.safetensors', bytes: 100 },
            ],
          },
          { name: join(folder, 'other/run'), files: [{ path: 'results.csv', bytes: 5 }] },
          { name: 'growing', files: [{ path: 'records.jsonl', bytes: large }] },
        ],
      },
    });
    const records = await ask('/run/0/records.jsonl');
    expect(records.body).toBe('{"step":0}\n');
    expect(records.headers['cache-control']).toBe('no-store');
    expect((await ask('/run/1/results.csv')).body).toBe('lr\n1\n');
  });

  it.each([
    ['/run/0/tiny-subspace.lock', 404],
    ['/run/0/weights/notes.txt', 404],
    ['/run/0/summary.csv', 404], // leads out of the folder
    ['/run/0/../../secret.csv', 404],
    ['/run/0/..%2f..%2fsecret.csv', 404],
    ['/run/0/weights/../../../secret.csv', 404],
    ['/run/0/%2e%2e/%2e%2e/secret.csv', 404],
    ['/run/9/records.jsonl', 404],
    ['/run/__proto__/records.jsonl', 404],
    ['/run/0/', 404],
    ['/run/0', 404],
    ['/../secret.csv', 404],
    ['/..%2fsecret.csv', 404],
    ['/..%5csecret.csv', 404],
    ['/secret.csv%00.html', 404],
    ['/%', 400],
    ['//', 400],
    ['/runtime/index.json', 404],
    ['/runtime/..%2f..%2fpackage.json', 404],
    ['/mnist/..%2f..%2fpackage.json', 404],
  ])('%s: %d', async (path, status) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(/^[^{]+\n$/); // words
    expect(answer.body).not.toContain('secret');
  });

  it('answers to its own names alone, and only to those who read', async () => {
    const host = new URL(served.url).host;
    expect((await ask('/', { host: host.replace('127.0.0.1', 'localhost') })).status).toBe(200);
    for (const other of ['evil.example', `evil.example:${host.split(':')[1]!}`, '127.0.0.1']) {
      expect((await ask('/run/index.json', { host: other })).status).toBe(403);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask('/', {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
    const head = await ask('/run/0/weights/step-1.safetensors', {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '100' } });
  });

  it.each([
    ['bytes=0-0', 206, '0'],
    ['bytes=8-9', 206, '8,9'],
    ['bytes=98-', 206, '98,99'],
    ['bytes=98-1000', 206, '98,99'],
    ['bytes=-2', 206, '98,99'],
    ['bytes=100-', 416, ''],
    ['bytes=-0', 416, ''],
  ])('Range: %s: %d', async (range, status, bytes) => {
    const response = await fetch(`${served.url}run/0/weights/step-1.safetensors`, { headers: { range } });
    expect({ status: response.status, bytes: new Uint8Array(await response.arrayBuffer()).join() }).toEqual({
      status,
      bytes,
    });
    const numbers = bytes.split(',');
    expect(response.headers.get('content-range')).toBe(
      status === 416 ? 'bytes */100' : `bytes ${numbers[0]!}-${numbers.at(-1)!}/100`,
    );
  });

  it.each(['bytes=5-2', 'bytes=-', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=a-b', ''])(
    'Range: "%s" is none: the whole is sent',
    async (range) => {
      for (const path of ['run/0/weights/step-1.safetensors', 'index.html']) {
        const response = await fetch(`${served.url}${path}`, { headers: { range } });
        expect(response.status).toBe(200);
        expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')));
      }
    },
  );

  it('sends a file that grows meanwhile to the length it had', async () => {
    const { port, host } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /run/2/records.jsonl HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'readable');
    appendFileSync(join(folder, 'growing/records.jsonl'), new Uint8Array(1000));
    const sent = await buffer(socket);
    expect(sent.length - sent.indexOf('\r\n\r\n') - 4).toBe(large);
    expect(await ask('/run/2/records.jsonl', {}, 'HEAD')).toMatchObject({
      headers: { 'content-length': String(large + 1000) },
    });
  });

  it('goes on where a reader leaves, or a file cannot be read', async () => {
    const controller = new AbortController();
    await fetch(`${served.url}run/2/records.jsonl`, { signal: controller.signal });
    controller.abort();
    chmodSync(join(folder, 'other/run/results.csv'), 0);
    expect([200, 500]).toContain((await ask('/run/1/results.csv')).status); // root reads everything
    chmodSync(join(folder, 'other/run/results.csv'), 0o600);
    expect((await ask('/')).status).toBe(200);
  });

  it('has MNIST from a folder, as its files are, and words where there is none', async () => {
    const images = join(folder, 'mnist');
    mkdirSync(images);
    writeFileSync(join(images, 'train-images-idx3-ubyte.gz'), 'packed');
    writeFileSync(join(images, 'notes'), 'a secret');
    vi.stubEnv('MNIST_DIR', images);
    expect(JSON.parse((await ask('/mnist/index.json')).body)).toEqual({
      files: [{ path: 'train-images-idx3-ubyte.gz', bytes: 6 }],
    });
    const file = await ask('/mnist/train-images-idx3-ubyte.gz');
    expect(file).toMatchObject({ status: 200, body: 'packed' });
    expect(file.headers['content-encoding']).toBeUndefined();
    expect((await ask('/mnist/notes')).status).toBe(404);
    vi.stubEnv('MNIST_DIR', join(folder, 'neither'));
    const none = await ask('/mnist/index.json');
    expect(none).toMatchObject({ status: 404 });
    expect(none.body).toContain('set MNIST_DIR');
  });

  it('has the WebAssembly of the optional runtime', async () => {
    const { status, headers } = await ask('/runtime/ort-wasm-simd-threaded.wasm', {}, 'HEAD');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/wasm' });
  });
});

describe('the folders of explore', () => {
  it.each([
    ['none', 'is not there'],
    ['secret.csv', 'is a file'],
    ['neither', 'holds neither records.jsonl nor results.csv nor results.parquet nor weights/….safetensors'],
  ])('%s: %s', (name, says) => {
    expect(() => runFolders([join(folder, 'run'), join(folder, name)])).toThrow(
      expect.objectContaining({ name: 'DataError', message: expect.stringContaining(says) as string }),
    );
  });

  it('are at most a hundred', () => {
    const many = Array.from({ length: 101 }, (_, i) => join(folder, String(i)));
    expect(() => runFolders(many)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: 'the page opens at most 100 folders, received 101' }),
    );
  });

  it('need a page that is built', () => {
    expect(() => pageFolder(join(folder, 'neither'))).toThrow(
      expect.objectContaining({ name: 'DataError', message: expect.stringContaining('npm run web:build') as string }),
    );
  });
});

describe('tiny-subspace explore', () => {
  /** Runs it until it has printed, and then until it is interrupted. */
  async function explored(
    ...args: string[]
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string; readonly page: string }> {
    // prettier-ignore
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
        said[name] += String(chunk);
        return true;
      });
    const before = process.listeners('SIGINT');
    const running = runCli(['explore', ...args]);
    await vi.waitFor(() => {
      expect(said.stderr).toContain('Ctrl-C ends it');
    }, 5000);
    const url = /http:[^\s"]*/.exec(said.stdout)![0];
    const page = await (await fetch(url)).text();
    for (const stop of process.listeners('SIGINT').filter((one) => !before.includes(one))) stop('SIGINT');
    const code = await running;
    await expect(fetch(url)).rejects.toThrow();
    vi.restoreAllMocks();
    return { code, ...said, page };
  }

  it('prints the address, serves until Ctrl-C, and ends with 130', async () => {
    const { code, stdout, stderr, page } = await explored('--no-open');
    expect({ code, page }).toEqual({ code: 130, page: '<title>the page</title>' });
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(stderr).toContain('stopped; the page is served no longer');
  });

  it('prints one document, and where the folders are opened', async () => {
    const { code, stdout } = await explored(join(folder, 'run'), '--no-open', '--json');
    const { url, folders } = JSON.parse(stdout) as { readonly url: string; readonly folders: { name: string }[] };
    expect(code).toBe(130);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/runs\?served=1$/);
    expect(folders.map(({ name }) => name)).toEqual(['run']);
  });

  it('opens the browser where there is a screen, and only notes where it cannot', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > "${folder}/opened"\n`, { mode: 0o755 });
    vi.stubEnv('DISPLAY', ':9');
    vi.stubEnv('PATH', `${bin}:${process.env.PATH!}`);
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
    const opened = await explored(join(folder, 'run'));
    await vi.waitFor(() => {
      expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe(opened.stdout.trim());
    });
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
    vi.stubEnv('PATH', join(folder, 'neither'));
    const { code, stderr } = await explored();
    expect(code).toBe(130);
    expect(stderr).toContain('no browser could be opened (spawn xdg-open ENOENT): open the address in one');
  });

  it('refuses a port that is taken', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await runCli(['explore', '--no-open', '--port', new URL(served.url).port])).toBe(2);
  });
});

describe('the browser of the system', () => {
  it.each([
    ['linux', {}, undefined],
    ['linux', { DISPLAY: ':0' }, ['xdg-open', 'http://x/']],
    ['linux', { WAYLAND_DISPLAY: 'w' }, ['xdg-open', 'http://x/']],
    ['darwin', {}, ['open', 'http://x/']],
    ['win32', {}, ['cmd', '/c', 'start', '""', 'http://x/']],
  ] as const)('on %s with %o: %o', (platform, env, command) => {
    expect(browserCommand('http://x/', platform, env)).toEqual(command);
  });
});
