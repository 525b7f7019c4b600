import { serveTask } from '../../core/serve-task.js';
import type { OpenedRun, OpenedFolder } from './opened-run.js';
import { readRun } from './read-run.js';
import type { FileHandle } from './run-file.js';

/** Folders are read one after the other, each an answer. */
serveTask<readonly OpenedFolder<FileHandle>[], OpenedRun>(async function* (folders) {
  for (const folder of folders) yield await readRun(folder);
});
