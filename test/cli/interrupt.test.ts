import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verifyInProcesses } from '../../src/cli/verify-in-processes.js';
import { stopSignals, type StopSignal } from '../../src/files/stop-signals.js';
import { captured } from './captured.js';

/** What a signal does: it ends a command at once, or the command ends in order, with its locks released and its processes ended. */
const answers = {
  solve: 'at once',
  boundary: 'at once',
  response: 'at once',
  derive: 'at once',
  simulate: 'at once',
  verify: 'in order',
  theorems: 'in order',
  compare: 'in order',
  measure: 'in order',
  train: 'in order',
  spectrum: 'in order',
  export: 'in order',
  figures: 'in order',
  sweep: 'in order',
  plot: 'in order',
  explore: 'in order',
  reproduce: 'in order',
  worker: 'in order',
  demo: 'in order',
};

const workers: ChildProcess[] = [];
vi.mock('../../src/files/fork-module.js', async (original) => {
  const { forkModule } = await original<typeof import('../../src/files/fork-module.js')>();
  return {
    forkModule: (module: URL) => {
      const worker = forkModule(module);
      workers.push(worker);
      return worker;
    },
  };
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Sends a signal to this process, but only to what listens to it since `before`: the test runner has listeners of its own. */
const before = new Map(stopSignals.map((name) => [name, process.listeners(name)]));
const listeners = (name: StopSignal) => process.listeners(name).filter((one) => !before.get(name)!.includes(one));
const send = (name: StopSignal): void => {
  for (const listener of listeners(name)) listener(name);
};

describe('signals', () => {
  it('are answered as the table says, and are let go of', async () => {
    expect(commands.map(({ name }) => name)).toEqual(Object.keys(answers));
    expect(stopSignals).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);
    for (const entry of commands) {
      const heard: string[] = [];
      let given: AbortSignal | undefined;
      const load = vi.spyOn(entry, 'load').mockImplementation((signal) => {
        given = signal;
        return Promise.resolve(
          new Command().action(() => {
            heard.push(...stopSignals.filter((name) => listeners(name).length > 0));
            send('SIGTERM');
          }),
        );
      });
      const { code } = await captured(() => runCli([entry.name]));
      load.mockRestore();
      const inOrder = answers[entry.name as keyof typeof answers] === 'in order';
      expect({ name: entry.name, code, heard }).toEqual({
        name: entry.name,
        code: 0,
        heard: inOrder ? stopSignals : [],
      });
      expect(given?.aborted).toBe(inOrder);
      expect(stopSignals.flatMap(listeners)).toEqual([]);
    }
  });

  it.each(stopSignals.map((name) => [name, 128 + constants.signals[name]] as const))(
    '%s ends training in order: exit code %d, nothing locked, and the second one is not answered',
    async (name, code) => {
      const out = join(folder, name);
      const line = `train --data mixture:3,4,0.3,60 --model softmax --backend plain --steps 1000000 --measure-every 1000000 --top 3 --out ${out}`;
      const waiting = setInterval(() => {
        if (listeners(name).length > 0 && readsAsRunning(out)) send(name);
      }, 20);
      const found = await captured(() => runCli(line.split(' ')));
      clearInterval(waiting);
      expect(found).toEqual({
        code,
        stdout: '',
        stderr:
          'stopping; Ctrl-C again ends at once\n' +
          'stopped; what is finished is kept: the same command with the same --out goes on from there\n',
      });
      expect(readdirSync(out).filter((file) => file.includes('lock'))).toEqual([]);
      expect(listeners(name)).toEqual([]);
    },
  );

  it('end the drawing of figures before the next one', async () => {
    const out = join(folder, 'figures');
    const drawing = captured(() => runCli(['figures', '--only', 'collapse,spectrum', '--out', out]));
    send('SIGTERM');
    expect(await drawing).toEqual({
      code: 143,
      stdout: '',
      stderr: 'stopping; Ctrl-C again ends at once\nstopped; the figures that are finished are kept\n',
    });
    expect(readdirSync(out)).toEqual([]);
  });

  it('end verify with its processes', async () => {
    const ids = [
      'false-rank-is-k',
      'false-overlap-implies-f-top',
      'stationary-variance',
      'modes-decouple',
      'noise-law',
    ];
    const controller = new AbortController();
    const run = verifyInProcesses(ids, 1, controller.signal, () => {
      controller.abort(new Error('stopped'));
    });
    await expect(run).rejects.toThrow(/^stopped$/);
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers) if (worker.signalCode === null) await once(worker, 'exit');
    expect(workers.map(({ signalCode }) => signalCode)).toEqual(workers.map(() => 'SIGTERM'));
  });

  it('end verify before it begins', async () => {
    const verifying = captured(() => runCli(['verify']));
    send('SIGHUP');
    expect(await verifying).toEqual({
      code: 129,
      stdout: '',
      stderr: 'stopping; Ctrl-C again ends at once\nstopped; nothing is kept: the same command begins anew\n',
    });
  });
});

/** Whether work in a folder has begun. */
function readsAsRunning(out: string): boolean {
  try {
    return readdirSync(out).length > 0;
  } catch {
    return false;
  }
}
