import type { LiveConfig, LivePoint, LiveSetting } from '../../../src/studies/simulate/live-runs.js';

/** A setting, and the step from which on it holds. */
export interface SettingChange {
  readonly from: number;
  readonly setting: LiveSetting;
}

/** Runs in full: what they start from, what was changed on the way, and the steps that are measured. The same plan gives the same numbers. */
export interface Plan {
  readonly config: LiveConfig;
  /** Ascending, the first from step 0. */
  readonly changes: readonly SettingChange[];
  readonly recorded: readonly number[];
}

/** The setting of the step from `step` to the next. */
export const settingAt = ({ changes }: Pick<Plan, 'changes'>, step: number): LiveSetting =>
  changes.findLast(({ from }) => from <= step)!.setting;

/** Asks for one point of a plan, by its place in `recorded`. */
export interface PointRequest {
  readonly plan: Plan;
  readonly place: number;
}

export type { LivePoint };

/** What is expected at one recorded step. */
export interface ExpectedPoint {
  readonly step: number;
  readonly margin: number;
  readonly loss: number;
  readonly gradient: number;
  readonly flow: number;
  readonly top: { readonly lower: number; readonly upper: number };
  readonly overlap: number;
  /** How many sectors the model has. */
  readonly sectors: number;
}

/** What the closed form says of a plan. */
export interface ExpectedRun {
  /** Gradient descent without noise, with the same learning rates: f_top, ‖g‖² and loss. */
  readonly flow: readonly ExpectedPoint[];
  /** With the noise of SGD; ends where there is no prediction, for which `why` has the reason. */
  readonly noisy: readonly ExpectedPoint[];
  readonly why: string;
  /** f_noise(k): of the noise alone, at rest at the optimal margin, with the last setting. */
  readonly rest: { readonly lower: number; readonly upper: number } | null;
  /** Where the flow leaves the top space, α_c; undefined where the prediction failed. */
  readonly boundary: number | undefined;
}
