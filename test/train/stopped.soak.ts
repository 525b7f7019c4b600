import { expect, it } from 'vitest';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';
import { slack } from '../slack.js';
import { soakTimes } from '../soak-times.js';

/** Runs with long products, long algebra between them, and many eigenpairs of few parameters. */
const long: Readonly<Record<string, Partial<TrainConfig> & { readonly samples: number }>> = {
  'large vectors': { model: 'mlp:2000,2000', samples: 1000, top: 20 },
  'many eigenpairs': { model: 'mlp:30', samples: 500, top: 600, tolerance: 1e-6 },
  'many samples, plain': { model: 'softmax', backend: 'plain', precision: 'f64', samples: 60_000, top: 20 },
};

it.each(Object.entries(long))(
  'a measurement is heard of within 5 s of its being stopped, whenever that is: %s',
  async (_, { samples, ...changed }) => {
    const config = { ...trainDefaults, ...changed, steps: 0, data: { ...trainDefaults.data, samples } };
    const runtime = await nativeRuntime();
    let [last, longest] = [performance.now(), 0];
    const watchdog = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 20);
    const controller = new AbortController();
    const reason = new Error('stop');
    const limit = 1000 * soakTimes(45);
    let stoppedAt = Infinity;
    const stop = setTimeout(() => {
      stoppedAt = performance.now();
      controller.abort(reason);
    }, limit);
    const ended = await train(config, { runtime, signal: controller.signal }).catch((error: unknown) => error);
    clearTimeout(stop);
    clearInterval(watchdog);
    if (stoppedAt < Infinity) {
      expect(ended).toBe(reason);
      expect(performance.now() - stoppedAt).toBeLessThan(5000 * slack());
    }
    expect(longest).toBeLessThan(5000 * slack());
  },
  300_000,
);
