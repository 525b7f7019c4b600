/** A file as the worker gets it: one that was dropped, or an address of this page's own server. */
export interface FileHandle {
  /** In its folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly from: Blob | string;
}

/** The bytes from … to − 1 of a file, and nothing else of it. Rejects with words where they are not to be had. */
export async function bytesOf(
  { path, from, bytes }: FileHandle,
  begin = 0,
  end = bytes,
): Promise<Uint8Array<ArrayBuffer>> {
  if (end <= begin) return new Uint8Array(0);
  try {
    if (typeof from !== 'string') return new Uint8Array(await from.slice(begin, end).arrayBuffer());
    const answer = await fetch(from, { headers: { Range: `bytes=${begin}-${end - 1}` } });
    if (!answer.ok) throw new Error(`the server says ${answer.status}`);
    const all = new Uint8Array(await answer.arrayBuffer());
    return answer.status === 206 ? all : all.slice(begin, end);
  } catch (cause) {
    throw new Error(
      `${path} could not be read: ${(cause as Error).message}; was it moved or changed since it was chosen?`,
      { cause },
    );
  }
}

/** The text of a file of at most so many bytes. Rejects with words for a larger one. */
export async function fileText(file: FileHandle, most: number): Promise<string> {
  if (file.bytes > most)
    throw new Error(`${file.path} has ${file.bytes} bytes; this page reads ${most} of such a file at most`);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await bytesOf(file));
}

/** What a run that goes on replaces or appends to, the last of it first: so what is read later is never older. */
const changing = ['checkpoint.safetensors', 'records.jsonl', 'weights/last.safetensors'];
/** Bytes of such a file that are kept. */
const mostKept = 2 ** 28;

/** The files of a run, those that it changes while it goes on as they are now: each in one answer of the server, and as long as that is. */
export async function steadyFiles(files: readonly FileHandle[]): Promise<FileHandle[]> {
  const now = new Map<string, FileHandle>();
  for (const path of changing) {
    const file = files.find((one) => one.path === path && typeof one.from === 'string' && one.bytes <= mostKept);
    if (file === undefined) continue;
    const answer = await fetch(file.from as string).catch(() => undefined);
    const from = answer?.ok === true ? await answer.blob().catch(() => undefined) : undefined;
    if (from !== undefined) now.set(path, { path, bytes: from.size, from });
  }
  return files.map((file) => now.get(file.path) ?? file);
}
