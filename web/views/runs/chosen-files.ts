import type { FileHandle } from './run-file.js';

/** Files that are taken at once. */
const most = 20_000;

const handle = (path: string, file: File): FileHandle => ({ path, bytes: file.size, from: file });

/** The files of a picker, with their paths where a folder was picked. Throws Error with words where there are too many. */
export function pickedFiles(files: FileList): FileHandle[] {
  refuseMany(files.length);
  return Array.from(files, (file) => handle(file.webkitRelativePath || file.name, file));
}

/** The files of a drop, those in folders as well. Rejects with words where there are too many, or one cannot be read. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<FileHandle[]> {
  const entries = Array.from(items, (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() })); // at once: they are gone after an await
  if (entries.length === 0) return pickedFiles(files);
  const found: FileHandle[] = [];
  for (const { entry, file } of entries) {
    if (entry !== null) await collect(entry, found);
    else if (file !== null) found.push(handle(file.name, file));
  }
  return found;
}

async function collect(entry: FileSystemEntry, found: FileHandle[]): Promise<void> {
  refuseMany(found.length + 1);
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push(handle(path, file));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const one of some) await collect(one, found);
  }
}

function refuseMany(count: number): void {
  if (count > most) throw new Error(`more than ${most} files at once; choose the folders of single runs`);
}
