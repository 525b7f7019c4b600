import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** To a racer: a folder to race for from `at` (milliseconds since 1970) on, or folders to lock and hold until it is killed. */
export type ToRacer = { readonly race: string; readonly at: number } | { readonly hold: readonly string[] };

/** How often a racer held the folder, and how often another was inside then. */
export interface Raced {
  readonly held: number;
  readonly doubles: number;
}

const { lockFolder } = (await import(process.argv[2]!)) as { lockFolder: (folder: string) => () => void };

/** Is alone in the folder for a moment, or finds another there who is alive. */
function isAlone(folder: string): boolean {
  const inside = join(folder, 'inside');
  const mine = `${inside}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    while (!isFirst(mine, inside)) {
      if (isAlive(readFileSync(inside, 'utf8'))) return false;
      rmSync(inside); // of a racer that was killed there
    }
    spinUntil(Date.now() + 1);
    rmSync(inside);
    return true;
  } catch {
    return false; // another removed it
  } finally {
    rmSync(mine);
  }
}

function isFirst(mine: string, inside: string): boolean {
  try {
    linkSync(mine, inside);
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function spinUntil(moment: number): void {
  while (Date.now() < moment);
}

process.on('message', (message: ToRacer) => {
  if ('hold' in message) {
    for (const folder of message.hold) lockFolder(folder);
    process.send!('holds');
    return;
  }
  spinUntil(message.at);
  let [held, doubles] = [0, 0];
  for (let tries = 0; tries < 3; tries++) {
    let release: () => void;
    try {
      release = lockFolder(message.race);
    } catch (error) {
      if ((error as Error).name === 'UsageError') continue;
      throw error;
    }
    held++;
    if (!isAlone(message.race)) doubles++;
    release();
  }
  process.send!({ held, doubles } satisfies Raced);
});
process.send!('ready');
