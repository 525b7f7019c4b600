import { npyFileHeader, readNpyFile } from '../files/npy-file.js';
import { fileName, openedArrays, targetsOf, type Arrays } from './array-dataset.js';
import type { ArrayDataSet } from './data-set.js';
import { outputCount, targetShapeOf } from './dataset.js';

/** Arrays that NumPy has saved. */
export interface NpySource {
  readonly kind: 'npy';
  readonly inputs: string;
  readonly targets?: string;
}

export const npy: ArrayDataSet<NpySource> = {
  name: 'npy',
  pattern: 'npy:X.npy[,Y.npy]',
  where: 'inputs, targets',
  help: 'arrays that NumPy has saved: floats, uint8 (pixels, x/255) or token ids; classes, labels of tokens or numbers to predict',
  isSampled: false,
  parse(argument = '') {
    const [inputs, targets, ...rest] = argument.split(',');
    if (inputs === '' || targets === '' || rest.length > 0) return undefined;
    return { kind: 'npy', inputs: inputs!, ...(targets !== undefined && { targets }) };
  },
  extent(source) {
    const { type, shape, isFortran } = npyFileHeader(source.inputs);
    const isTokens = /^[iu]/.test(type) && type !== 'u1';
    if (shape.length < 2) return undefined;
    const ids = isTokens ? readNpyFile(source.inputs).array : undefined;
    if (ids !== undefined && (ids.least < 0 || shape.length !== 2)) return undefined;
    const tokens = ids && { vocabulary: ids.most + 1 };
    const inputShape = type === 'u1' && shape.length === 3 ? [1, ...shape.slice(1)] : shape.slice(1);
    const { array: y } = source.targets === undefined ? { array: undefined } : readNpyFile(source.targets);
    const targets = y === undefined ? ({ kind: 'none' } as const) : targetsOf(y, shape[0]!, source.inputs);
    return {
      samples: shape[0]!,
      inputShape,
      outputs: outputCount({ targets, ...tokens }),
      ...(targets.kind !== 'classes' && { targets: { kind: targets.kind, shape: targetShapeOf({ targets }) } }),
      ...tokens,
      ...(!isFortran && { canStream: true }),
    };
  },
  files: ({ inputs, targets }) => [inputs, ...(targets === undefined ? [] : [targets])],
  open: (source) => openedArrays(readArrays(source), null),
};

function readArrays({ inputs, targets }: NpySource): Arrays {
  const x = readNpyFile(inputs);
  const y = targets === undefined ? undefined : readNpyFile(targets);
  const checksums = [x.sha256, ...(y === undefined ? [] : [y.sha256])];
  const source = ['npy:', inputs, ...(targets === undefined ? [] : [',', targets])].join('');
  return {
    name: fileName(inputs),
    x: x.array,
    y: y?.array,
    origin: { kind: 'files', source, split: 'train', checksums },
  };
}
