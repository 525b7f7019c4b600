import { UsageError } from '../../../src/errors.js';
import { firstCrossing, stationaryNoise } from '../../../src/exact/noisy/index.js';
import {
  lineBlocks,
  predictedRun,
  type LineBlocks,
  type PredictedRecord,
} from '../../../src/studies/simulate/index.js';
import type { StepSetting } from '../../../src/studies/simulate/noise-recursion.js';
import { serveTask } from '../../core/serve-task.js';
import { settingAt, type ExpectedRun, type ExpectedPoint, type Plan } from './messages.js';

let known: { readonly key: string; readonly line: LineBlocks } | undefined;

/** The model along the line takes half a second; it depends on k, d and σ alone. */
function lineOf({ config: { classes, dim, noise } }: Plan): LineBlocks {
  const key = JSON.stringify([classes, dim, noise]);
  known = known?.key === key ? known : { key, line: lineBlocks({ classes, dim, noise }) };
  return known.line;
}

function expectedPoints(plan: Plan, steps: readonly number[], noisy: boolean): ExpectedPoint[] {
  const stepSetting = (step: number): StepSetting => {
    const { method, learningRate, batch } = settingAt(plan, step);
    return noisy && method !== 'gd'
      ? { method, learningRate, batch }
      : { method: 'sgd', learningRate, batch: Infinity };
  };
  const config = { ...plan.config, ...stepSetting(0), steps, linearised: false };
  return predictedRun(config, lineOf(plan), stepSetting).map(pointOf);
}

const pointOf = ({ step, margin, loss, gradient, flow, top, overlap, sectors }: PredictedRecord): ExpectedPoint => ({
  ...{ step, margin, loss, gradient, flow, top, overlap },
  sectors: Object.values(sectors).filter((energy) => energy > 0).length,
});

/** A value, or the reason why the model has none. */
function orWhy<T>(of: () => T, none: T): { readonly value: T; readonly why: string } {
  try {
    return { value: of(), why: '' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { value: none, why: error.message };
  }
}

serveTask<Plan, ExpectedRun>(function* (plan) {
  const { config, changes, recorded } = plan;
  const { classes, noise, dim } = config;
  const flow = orWhy(() => expectedPoints(plan, recorded, false), []);
  yield undefined;
  const whole = orWhy(() => expectedPoints(plan, recorded, true), []);
  const before = recorded.filter((step) => step <= changes.at(-1)!.from);
  const noisy =
    whole.why !== '' && before.length > 0 ? orWhy(() => expectedPoints(plan, before, true), []).value : whole.value;
  yield undefined;
  const { method, learningRate, batch } = changes.at(-1)!.setting;
  const optimal = { classes, dim, noise, margin: 1 / noise ** 2 };
  const rest =
    method === 'sgd'
      ? orWhy(() => stationaryNoise(optimal, { learningRate, batch }).topFraction.stationary, null).value
      : null;
  yield {
    flow: flow.value,
    noisy,
    why: flow.why || whole.why,
    rest,
    boundary: firstCrossing(classes, noise).relativeMargin / noise ** 2,
  };
});
