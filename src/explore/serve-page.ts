import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../errors.js';
import { answerOf } from './answer.js';
import type { RunFolder } from './run-folder.js';

/** What is served. */
export interface ServedFolders {
  /** The built page. */
  readonly page: string;
  readonly folders: readonly RunFolder[];
  /** A free one where it is left out. */
  readonly port?: number;
}

/** The page while it is served. */
export interface ServedPage {
  /** Ends in a slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the page to this machine alone. Throws UsageError where the port is taken. */
export async function servePage({ page, folders, port = 0 }: ServedFolders): Promise<ServedPage> {
  const answer = answerOf(page, folders, () => hosts);
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent)
        response.destroy(); // the reader left, or the file did
      else response.writeHead(500, { 'Content-Type': 'text/plain;charset=utf-8' }).end(`${String(error)}\n`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UsageError(`port ${port} is taken by another program; give another --port, or none for a free one`);
  });
  const { port: own } = server.address() as AddressInfo;
  const hosts = ['127.0.0.1', 'localhost'].map((name) => (own === 80 ? name : `${name}:${own}`));
  return {
    url: `http://${hosts[0]!}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
