import { z } from 'zod';
import type { FileHandle } from './run-file.js';

const index = z.object({
  folders: z
    .array(
      z.object({
        name: z.string().max(500),
        files: z.array(z.object({ path: z.string().min(1).max(1000), bytes: z.int().min(0) })).max(20_000),
      }),
    )
    .max(100),
});

const address = (path: string): string => new URL(path, document.baseURI).href;

/** The folders that `explore` serves beside this page. Rejects with words where it serves none. */
export async function servedFiles(): Promise<FileHandle[]> {
  const answer = await fetch(address('run/index.json'));
  const found = answer.ok ? index.safeParse(await answer.json().catch(() => null)).data : undefined;
  if (found === undefined)
    throw new Error(
      'no run folders are served here: tiny-subspace explore RUN_DIR serves them, or drop them on this page',
    );
  return found.folders.flatMap(({ name, files }, i) =>
    files.map(({ path, bytes }) => ({
      path: `${name}/${path}`,
      bytes,
      from: address(`run/${i}/${path.split('/').map(encodeURIComponent).join('/')}`),
    })),
  );
}

const example = ['manifest.json', 'config.json', 'records.jsonl', 'checkpoint.safetensors', 'weights/last.safetensors'];

/** The run that comes with the page. Rejects where it is not there. */
export async function exampleFiles(): Promise<FileHandle[]> {
  return Promise.all(
    example.map(async (path) => {
      const answer = await fetch(address(`example-run/${path}`));
      if (!answer.ok) throw new Error(`the example is not there: the server says ${answer.status}`);
      const from = await answer.blob();
      return { path: `example-run/${path}`, bytes: from.size, from };
    }),
  );
}
