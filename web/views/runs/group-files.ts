import type { OpenedFolder } from './opened-run.js';

/** Something that lies at a path, in a folder that was dropped. */
interface Placed {
  readonly path: string;
}

/** What was dropped: folders of runs, tables, and what is neither. */
export interface Dropped<File> {
  readonly runs: readonly OpenedFolder<File>[];
  readonly tables: readonly File[];
  readonly others: readonly string[];
}

const ofRun = /^(manifest\.json|config\.json|records\.jsonl|checkpoint\.safetensors)$/;
/** What `sweep` has in its folder, marked by a sweep.json, besides tables and runs; its results.csv is its results.parquet again. */
const ofSweep = /^(manifest\.json|progress\.json|sweep\.json|results\.csv)$/;
const isTable = (path: string): boolean => /\.(csv|parquet)(\.gz)?$/i.test(path);

/**
 * Files by what they are: a folder with a file that only run folders have is one run, with all that is below it; tables are .csv and .parquet outside of these. Files beside each other without
 * a folder are one, called `files`; a file of weights outside of runs stands for itself. What a sweep keeps for itself is left aside.
 */
export function groupFiles<File extends Placed>(all: readonly File[]): Dropped<File> {
  const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const paths = new Set(all.map(({ path }) => path));
  const files = all.filter(({ path }) => !isOfSweep(path, paths));
  const isMarked = ({ path }: File): boolean =>
    ofRun.test(nameOf(path)) && !/(^|\/)extension\.tiny-subspace-/.test(path);
  const roots = [...new Set(files.filter(isMarked).map(({ path }) => folderOf(path)))].filter((root) =>
    files.some(
      ({ path }) => folderOf(path) === root && /(manifest\.json|records\.jsonl|checkpoint\.safetensors)$/.test(path),
    ),
  );
  const rootOf = ({ path }: File): string | undefined =>
    roots.filter((root) => root === '' || path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)[0];
  const inRun = (file: File): boolean => rootOf(file) !== undefined && !isTable(file.path);
  const isAlone = (file: File): boolean => !inRun(file) && file.path.endsWith('.safetensors');
  return {
    runs: [
      ...roots.map((root) => ({
        name: root === '' ? 'files' : root,
        files: files
          .filter((file) => inRun(file) && rootOf(file) === root)
          .map((file) => ({ ...file, path: root === '' ? file.path : file.path.slice(root.length + 1) })),
      })),
      ...files.filter((file) => isAlone(file)).map((file) => ({ name: file.path, files: [file] })),
    ],
    tables: files.filter(({ path }) => isTable(path)),
    others: files.filter((file) => !inRun(file) && !isTable(file.path) && !isAlone(file)).map(({ path }) => path),
  };
}

function isOfSweep(path: string, all: ReadonlySet<string>): boolean {
  const at = path.lastIndexOf('/') + 1;
  const [folder, name] = [path.slice(0, at), path.slice(at)];
  if (name === 'result.json') return all.has(`${folder.replace(/runs\/[^/]*\/$/, '')}sweep.json`);
  return (
    ofSweep.test(name) &&
    all.has(`${folder}sweep.json`) &&
    (name !== 'results.csv' || all.has(`${folder}results.parquet`))
  );
}
