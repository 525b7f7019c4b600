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
