import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { byteRange } from './byte-range.js';

const types: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jsonl': 'text/plain;charset=utf-8',
  '.csv': 'text/csv;charset=utf-8',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Sends a file that may be written to meanwhile, or the range of it that is asked for: as it is when it is opened, to the length it has then. Never
 * from a cache, and never unpacked on the way.
 */
export async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const range = byteRange(request.headers.range, size);
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Accept-Ranges', 'bytes');
    if (range === null) {
      response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    response.writeHead(range ? 206 : 200, {
      'Content-Length': end - start + 1,
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    });
    if (request.method === 'HEAD' || end < start) response.end();
    else await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file.close();
  }
}
