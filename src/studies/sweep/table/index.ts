export type { Cell, ResultColumn, Table } from '../table.js';
export { tableCsv } from './csv-write.js';
export { type SeedGrouping } from './groups.js';
export { joinTables } from './join-tables.js';
export { lateMeans, type LateMeansOptions } from './late-means.js';
export { pairedDifferences } from './paired-differences.js';
export { tableParquet } from './parquet-write.js';
export { readTable } from './read-table.js';
export { summarise } from './summarise.js';
