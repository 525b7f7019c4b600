import { trainJsonSchema } from '../../../train/train-config.js';
import type { TrainDocument } from '../../../train/train-document.js';
import { train } from '../../../train/train.js';
import { sweptCommand } from '../command.js';
import { cellAt } from './setting-at.js';
import { exactCounterpart, type ExactRecord } from './exact-counterpart.js';
import { trainColumns, trainRows } from './train-columns.js';
import { trainEstimate } from './train-estimate.js';
import { refuseOtherInputs, trainInputs } from './train-inputs.js';
import { trainPoint, type TrainPoint } from './train-point.js';
import { trainSettings } from './train-settings.js';

/** What a run of `train` leaves: its document, and at each record what the exact model has there, where there is one. */
export interface TrainedRun {
  readonly document: TrainDocument;
  readonly exact: readonly ExactRecord[] | null;
}

/** `train`: a run folder with the last weights is kept. */
export const trainSwept = sweptCommand<TrainPoint, TrainedRun>({
  name: 'train',
  settings: trainSettings,
  baseSchema: trainJsonSchema,
  configOf: trainPoint,
  cellOf: ({ config, ...rest }, path) => cellAt({ ...config, ...rest }, path),
  titleOf: ({ config: { model, data, seed } }) => `${model} ${data.source} seed ${seed}`,
  inputsOf: trainInputs,
  estimate: trainEstimate,
  work: {
    name: 'train',
    revision: 1,
    keepsFolder: true,
    async run({ config: point, inputs }, { runtime, folder, signal, onProgress }) {
      refuseOtherInputs(point, inputs);
      const { config, ...first } = point;
      const document = await train(config, {
        ...(config.backend === 'onnx' ? { runtime: await runtime() } : {}),
        ...first,
        out: folder,
        signal,
        onProgress: ({ step, steps }) => {
          onProgress(steps === 0 ? 1 : step / steps);
        },
      });
      return { document, exact: exactCounterpart(point, document) };
    },
  },
  columns: trainColumns,
  by: ['step'],
  shown: ['step', 'loss', 'testAccuracy', 'topFraction', 'overlapGradientHessianGradient'],
  rows: trainRows,
});
