import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real Slurm of one node. */
export interface SlurmNode {
  /** What says where it is, to be in the environment as SLURM_CONF. */
  readonly conf: string;
  /** Kills the controller, or starts it again. */
  readonly controller: (order: 'down' | 'up') => Promise<void>;
  /** What a command of Slurm prints. */
  readonly ask: (command: string, ...args: string[]) => string;
  /** Ends it, with everything that runs on it. */
  readonly stop: () => Promise<void>;
}

/** Why there can be none here; undefined where there can. */
export function whyNoSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return 'a Slurm of its own needs root';
  const missing = ['slurmctld', 'slurmd', 'munged', 'sbatch'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}: apt-get install slurm-wlm munge`;
}

/** Starts one, in a folder of its own. It ends with this process, should that be killed. */
export async function startSlurmNode(): Promise<SlurmNode> {
  const folder = mkdtempSync(join(tmpdir(), 'slurm-node-'));
  const node = spawn('bash', ['test/slurm-node.sh', folder, String(await freePorts())], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(node.stdout)[Symbol.asyncIterator]();
  const { value: conf } = (await lines.next()) as { value: string | undefined };
  if (conf === undefined) {
    const log = ['slurmctld.log', 'slurmd.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    throw new Error(`Slurm does not start:\n${log}`);
  }
  return {
    conf,
    async controller(order) {
      node.stdin.write(`${order}\n`);
      await lines.next();
    },
    ask: (command, ...args) =>
      spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, SLURM_CONF: conf } }).stdout,
    async stop() {
      if (node.exitCode === null) {
        node.stdin.end();
        await once(node, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A free port with a free one behind it. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = await listening(0);
    const second = await listening(first.port + 1).catch(() => undefined);
    await first.close();
    await second?.close();
    if (second !== undefined) return first.port;
  }
}

async function listening(port: number): Promise<{ readonly port: number; readonly close: () => Promise<unknown> }> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => once(server.close(), 'close') };
}
