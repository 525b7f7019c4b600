import { jobOf, type Job } from '../../../jobs/job.js';
import type { TrainConfig } from '../../../train/train-config.js';
import type { TrainDocument } from '../../../train/train-document.js';
import { dataChecksums } from './data-checksums.js';
import { probeWork, type Probe } from './probe.js';
import { trainWork } from './train-work.js';

/** A training run, in the folder of its key; it resumes by itself. */
export interface TrainTask extends Job<TrainDocument> {
  readonly config: TrainConfig;
}

export const isTrainTask = (job: Job): job is TrainTask => job.work === trainWork.name;

/** A call of a probe. */
export type ProbeTask<R> = Job<R>;

/** A training run of about so many seconds. Throws DataError if the data are not there. */
export function trainTask(config: TrainConfig, seconds: number): TrainTask {
  const { model, data, seed } = config;
  const name = `${model} ${data.source} seed ${seed}`;
  return { ...jobOf(trainWork, config, { name, seconds, inputs: dataChecksums(data.source) }), config };
}

/** A call of a probe. `data`: sources it reads by itself. Throws DataError if the data are not there. */
export function probeTask<A, R>(
  probe: Probe<A, R>,
  args: A,
  {
    after = [],
    data = [],
    seconds,
  }: { readonly after?: readonly Job[]; readonly data?: readonly string[]; readonly seconds: number },
): ProbeTask<R> {
  return jobOf(probeWork(probe), args, { after, seconds, inputs: data.map(dataChecksums) });
}
