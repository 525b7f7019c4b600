import { DataError } from '../errors.js';
import { openNpz, type NpzFile } from '../files/npz-file.js';
import { fileName, openedArrays, type Arrays } from './array-dataset.js';
import type { ArrayDataSet, Split } from './data-set.js';

/** Arrays that NumPy has saved in one file, by the names they have there. */
export interface NpzSource {
  readonly kind: 'npz';
  readonly file: string;
  /** Names of inputs and targets; those that are usual if left out. */
  readonly inputs?: string;
  readonly targets?: string;
}

interface Names {
  readonly x: string;
  readonly y: string | undefined;
}

/** Names of inputs and of targets that are looked for, the first pair that is there. */
const usual: readonly (readonly [x: string, y: string])[] = ['x', 'X'].flatMap((x) =>
  ['y', 'Y'].flatMap((y) => [
    [x, y] as const,
    [`${x}_train`, `${y}_train`] as const,
    [`train_${x}`, `train_${y}`] as const,
  ]),
);

export const npz: ArrayDataSet<NpzSource> = {
  name: 'npz',
  pattern: 'npz:FILE[,X[,Y]]',
  where: 'the file, names of inputs and targets',
  help: 'the same from one file: arrays x and y, X and Y, x_train and y_train, or as they are named; x_test and y_test are the test split',
  isSampled: false,
  parse(argument = '') {
    const [file, inputs, targets, ...rest] = argument.split(',');
    if (file === '' || inputs === '' || targets === '' || rest.length > 0) return undefined;
    return {
      kind: 'npz',
      file: file!,
      ...(inputs !== undefined && { inputs }),
      ...(targets !== undefined && { targets }),
    };
  },
  extent: () => undefined,
  files: ({ file }) => [file],
  open(source) {
    const file = openNpz(source.file);
    const train = namesIn(file, source);
    const test = testNames(file, train);
    return openedArrays(
      readArrays(source, file, train, 'train'),
      test && (() => readArrays(source, file, test, 'test')),
    );
  },
};

function namesIn({ names }: NpzFile, { file, inputs, targets }: NpzSource): Names {
  const holds = names.length === 0 ? 'no arrays' : names.join(', ');
  if (inputs !== undefined) {
    const missing = [inputs, targets].find((name) => name !== undefined && !names.includes(name));
    if (missing === undefined) return { x: inputs, y: targets };
    throw new DataError(`${file} holds no array '${missing}'; it holds ${holds}`);
  }
  const pair = usual.find((both) => both.every((name) => names.includes(name)));
  if (pair !== undefined) return { x: pair[0], y: pair[1] };
  const alone = usual.find(([x]) => names.includes(x))?.[0];
  if (alone !== undefined) return { x: alone, y: undefined };
  throw new DataError(
    `${file} holds ${holds}; arrays x and y, X and Y, or x_train and y_train are looked for: name others, as npz:FILE,X,Y`,
  );
}

/** The arrays of the test split: those named `test` where the others are named `train`, or named `_test` behind. */
function testNames({ names }: NpzFile, { x, y }: Names): Names | null {
  const toTest = (name: string): string => (name.includes('train') ? name.replace('train', 'test') : `${name}_test`);
  const wanted = { x: toTest(x), y: y === undefined ? undefined : toTest(y) };
  return names.includes(wanted.x) && (wanted.y === undefined || names.includes(wanted.y)) ? wanted : null;
}

function readArrays(source: NpzSource, file: NpzFile, { x, y }: Names, split: Split): Arrays {
  const inputs = file.read(x);
  return {
    name: fileName(source.file),
    x: inputs.array,
    y: y === undefined ? undefined : file.read(y).array,
    origin: {
      kind: 'files',
      source: `npz:${[source.file, x, ...(y === undefined ? [] : [y])].join(',')}`,
      split,
      checksums: [inputs.sha256],
    },
  };
}
