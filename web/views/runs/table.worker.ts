import type { Table } from '../../../src/studies/sweep/table.js';
import { serveTask } from '../../core/serve-task.js';
import { drawTable } from './draw-table.js';
import { readTableFile } from './read-table.js';
import type { TableReply, TableRequest } from './table-request.js';

let last: { readonly path: string; readonly table: Table; readonly notes: readonly string[] } | undefined;

/** The table is read once, and drawn as often as other columns are chosen; a worker is of one file. */
serveTask<TableRequest, TableReply>(async function* ({ file, ...options }) {
  last ??= { path: file.path, ...(await readTableFile(file)) };
  yield { ...drawTable(last.table, options), notes: last.notes };
});
