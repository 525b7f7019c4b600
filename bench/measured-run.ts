import { z } from 'zod';
import type { FloatArray } from '../src/numeric/kernels/float-array.js';
import type { SearchSeconds } from '../src/numeric/lanczos/lanczos-result.js';
import { descent } from '../src/train/descent.js';
import { measuredSteps } from '../src/train/measured-steps.js';
import type { TrainRecord } from '../src/train/observables/index.js';
import { observable } from '../src/train/observables/observable.js';
import { trainMeasurement } from '../src/train/train-measurement.js';
import type { TrainProblem } from '../src/train/train-problem.js';
import { trainRule } from '../src/train/train-rule.js';
import { trainStart } from '../src/train/train-start.js';

const seconds = observable({
  id: 'seconds',
  meaning: 'what the search for eigenpairs has cost',
  unit: 's',
  needs: ['pairs'],
  schema: z.strictObject({ products: z.number(), orthogonalisation: z.number(), small: z.number() }),
  compute: ({ pairs }) => pairs.seconds,
});

/** What was measured, what the search has cost, and θ. */
export interface MeasuredStep {
  readonly record: TrainRecord;
  readonly seconds: SearchSeconds;
  readonly weights: FloatArray;
}

/** The run of `train` without folder and test split, measurement by measurement: nothing is done but while one is awaited. */
export async function* measuredRun(problem: TrainProblem): AsyncGenerator<MeasuredStep, void, void> {
  const untested = { ...problem, test: null };
  const { run, state: first } = trainStart(untested);
  const { steps, measureEvery: every } = run.config;
  const due = new Set(measuredSteps({ steps, every }));
  const rule = trainRule(untested);
  let state = first;
  for await (const reached of descent(first, rule)) {
    state = { ...state, ...reached };
    const { step, weights } = reached;
    if (!due.has(step)) continue;
    const given = { rate: rule.rate(step), weights: null, observables: [seconds] };
    state = { ...state, ...(await trainMeasurement(untested, run, state, given)) };
    const record = state.records.at(-1)! as TrainRecord & { readonly seconds: SearchSeconds };
    yield { record, seconds: record.seconds, weights };
    if (step === steps) return;
  }
}

/** θ after all steps, nothing measured. */
export async function trainedWeights(problem: TrainProblem): Promise<FloatArray> {
  const { run, state: first } = trainStart(problem);
  for await (const { step, weights } of descent(first, trainRule(problem))) {
    if (step === run.config.steps) return weights;
  }
  throw new Error('a descent has no end');
}
