import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { runCli } from '../../src/cli/run-cli.js';
import { stopSignals, type StopSignal } from '../../src/files/stop-signals.js';
import { captured } from './captured.js';

/** What a signal does: it ends a command at once, or the command ends in order, with its locks released and its processes ended. */
const answers = {
  solve: 'at once',
  boundary: 'at once',
  response: 'at once',
  simulate: 'at once',
  verify: 'in order',
  compare: 'in order',
  measure: 'in order',
  train: 'in order',
  spectrum: 'in order',
  figures: 'in order',
  reproduce: 'in order',
  demo: 'in order',
};

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

  it('end the drawing of figures between two of them', async () => {
    const out = join(folder, 'figures');
    const waiting = setInterval(() => {
      if (readsAsRunning(out)) send('SIGTERM');
    }, 0);
    const { code, stderr } = await captured(() => runCli(['figures', '--only', 'collapse,spectrum', '--out', out]));
    clearInterval(waiting);
    expect({ code, stderr }).toEqual({
      code: 143,
      stderr: 'stopping; Ctrl-C again ends at once\nstopped; the figures that are finished are kept\n',
    });
    expect(readdirSync(out).filter((file) => file.includes('lock'))).toEqual([]);
  });

  it('end verify with its processes', async () => {
    const waiting = setTimeout(() => {
      send('SIGHUP');
    }, 300);
    const found = await captured(() => runCli(['verify']));
    clearTimeout(waiting);
    expect(found).toMatchObject({ code: 129, stdout: '' });
    expect(found.stderr).toContain('stopped; nothing is kept');
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
