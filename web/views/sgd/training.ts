import { task } from '../../core/task.js';
import { configOf, recordedSteps, settingOf, type SgdSettings } from './controls.js';
import type { ExpectedRun, LivePoint, Plan, PointRequest } from './messages.js';

/** The least time from one point to the next, so that it can be watched. */
const pace = 70; // ms

/** Runs under way: their plan, what was measured, and what is expected. */
export interface Training {
  readonly plan: () => Plan;
  readonly points: () => readonly LivePoint[];
  readonly expected: () => ExpectedRun | undefined;
  readonly isPlaying: () => boolean;
  readonly isDone: () => boolean;
  /** Begins anew. */
  readonly reset: (settings: SgdSettings) => void;
  /** From the last measured step on; where one is being measured, from that one. */
  readonly change: (settings: SgdSettings) => void;
  readonly play: () => void;
  readonly pause: () => void;
  /** One point more. */
  readonly step: () => void;
}

/** `onChange` is called whenever there is something new to draw, `onFailure` with what has failed and why. */
export function training(
  first: SgdSettings,
  { onChange, onFailure, left }: { onChange: () => void; onFailure: (words: string) => void; left: AbortSignal },
): Training {
  const live = task<PointRequest, LivePoint>(
    () => new Worker(new URL('./live.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  const theory = task<Plan, ExpectedRun>(
    () => new Worker(new URL('./expected.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  let plan = planOf(first);
  let points: LivePoint[] = [];
  let expected: ExpectedRun | undefined;
  let isPlaying = false;
  let isWaiting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  left.addEventListener('abort', () => {
    clearTimeout(timer);
  });

  const isDone = (): boolean => points.length === plan.recorded.length;
  const expect = (): void => {
    theory.run(
      plan,
      (reply) => {
        expected = reply;
        onChange();
      },
      (failure) => {
        if (failure === undefined) return;
        expected = { flow: [], noisy: [], why: failure, rest: null, boundary: undefined };
        onFailure(`The prediction failed: ${failure}`);
        onChange();
      },
    );
  };
  const next = (): void => {
    if (isWaiting || isDone()) return;
    isWaiting = true;
    const asked = performance.now();
    live.run(
      { plan, place: points.length },
      (point) => {
        points.push(point);
      },
      (failure) => {
        isWaiting = false;
        if (failure !== undefined || isDone()) isPlaying = false;
        if (failure !== undefined) onFailure(`The runs ended: ${failure}`);
        onChange();
        if (isPlaying) timer = setTimeout(next, Math.max(0, pace - (performance.now() - asked)));
      },
    );
  };
  const self: Training = {
    plan: () => plan,
    points: () => points,
    expected: () => expected,
    isPlaying: () => isPlaying,
    isDone,
    reset(settings) {
      clearTimeout(timer);
      live.cancel();
      [plan, points, expected, isWaiting] = [planOf(settings), [], undefined, false];
      expect();
      onChange();
      if (isPlaying) next();
    },
    change(settings) {
      const under = isWaiting ? plan.recorded[points.length] : points.at(-1)?.step; // the point under way keeps its setting
      const from = under ?? 0;
      const kept = plan.changes.filter((change) => change.from < from);
      plan = { ...plan, changes: [...kept, { from, setting: settingOf(settings) }] };
      expect();
      onChange();
    },
    play() {
      isPlaying = !isDone();
      next();
      onChange();
    },
    pause() {
      clearTimeout(timer);
      isPlaying = false;
      onChange();
    },
    step() {
      self.pause();
      next();
    },
  };
  expect();
  return self;
}

const planOf = (settings: SgdSettings): Plan => ({
  config: configOf(settings),
  changes: [{ from: 0, setting: settingOf(settings) }],
  recorded: recordedSteps(settings.steps, settings.classes > 4 ? 35 : 70), // a point of more classes takes longer
});
