import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on stderr, or nothing where stderr is not a terminal. */
export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

export function startProgress(label: string, total: number): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${label} {bar} {value}/{total}  {eta_formatted} left  {note}`,
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return {
    update(done, note = '') {
      bar.update(done, { note });
    },
    stop() {
      bar.stop();
    },
  };
}
