import { DataError } from '../../../errors.js';
import type { Work } from '../../../jobs/work.js';
import { trainingRevision } from '../../../train/revision.js';
import { train } from '../../../train/train.js';
import type { TrainConfig } from '../../../train/train-config.js';
import type { TrainDocument } from '../../../train/train-document.js';

/** A training run, kept with all its weights. */
export const trainWork: Work<TrainConfig, TrainDocument> = {
  name: 'train',
  revision: trainingRevision,
  keepsFolder: true,
  run: async (config, { runtime, folder, signal, onProgress }) =>
    train(config, {
      runtime: await runtime(),
      out: folder,
      signal,
      onNotice: (text) => {
        throw new DataError(`${text}, and what builds on the run needs them; remove ${folder} to repeat it`);
      },
      onProgress: ({ step, steps }) => {
        onProgress(steps === 0 ? 1 : step / steps);
      },
    }),
};
