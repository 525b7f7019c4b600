import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';
import type { Engine } from '../jobs/engine.js';
import { localEngine } from '../jobs/local/local-engine.js';
import { integerIn, numberIn } from './options.js';
import { redisOption } from './redis-option.js';
import { refuseUnused } from './unused-options.js';

/** Where runs are worked on. */
export interface EngineFlags {
  readonly engine?: 'local' | 'slurm' | 'redis';
  readonly jobs?: number;
  readonly memory?: number;
  readonly retries: number;
  readonly slurmOption?: string[];
  readonly slurmTemplate?: string;
  readonly redis?: string;
}

/** Adds the options that choose an engine among these. */
export function withEngineOptions(command: Command, engines: readonly ('local' | 'slurm' | 'redis')[]): Command {
  command
    .addOption(
      new Option(
        '--engine <NAME>',
        'where runs are worked on: processes of this machine, or workers elsewhere (default: local)',
      ).choices(engines),
    )
    .option(
      '--jobs <N>',
      'processes at a time, of this machine or of each task of Slurm (default: one for each core; in a task one)',
      integerIn(1, 256, 2),
    )
    .option(
      '--memory <GB>',
      'memory that the processes of this machine may take together, by the estimates of their runs (default: what is available)',
      numberIn(0.1, 1e6, 8),
    )
    .option('--retries <N>', 'how often a run whose process was killed is tried again', integerIn(0, 1000, 2), 2)
    .option(
      '--slurm-option <OPTION>',
      'handed to sbatch as it is, may be repeated: --slurm-option=--partition=short',
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    )
    .option('--slurm-template <FILE>', 'the script of an array task, instead of the one that is built in');
  if (engines.includes('redis')) command.addOption(redisOption('with --engine redis, the queue'));
  return command;
}

/** As many processes as the cores of this machine have room for. */
export const defaultJobs = (threads = 1): number => Math.max(1, Math.floor(availableParallelism() / threads));

/** The engine that options mean, working with processes of a module, each of so many threads. Throws UsageError for options of another engine. */
export async function engineOf(worker: URL, options: EngineFlags, command: Command, threads = 1): Promise<Engine> {
  const { engine = 'local', jobs, memory, retries, slurmOption = [], slurmTemplate, redis } = options;
  const belongs = (name: string): string => `it belongs to --engine ${name}, and the engine is ${engine}`;
  refuseUnused(command, [
    { when: engine !== 'local', options: ['memory'], why: belongs('local') },
    { when: engine === 'redis', options: ['jobs'], why: 'each worker has --jobs of its own' },
    { when: engine !== 'slurm', options: ['slurmOption', 'slurmTemplate'], why: belongs('slurm') },
    { when: engine !== 'redis', options: ['redis'], why: belongs('redis') },
  ]);
  if (engine === 'slurm') {
    const { slurmEngine } = await import('../jobs/slurm/slurm-engine.js');
    return slurmEngine({
      worker,
      processesPerTask: jobs ?? 1,
      threads,
      options: slurmOption,
      retries,
      ...(slurmTemplate === undefined ? {} : { template: slurmTemplate }),
    });
  }
  if (engine === 'redis') {
    if (redis === undefined) {
      throw new UsageError('--engine redis needs the queue: add --redis URL, for example redis://localhost:6379');
    }
    const { redisEngine } = await import('../jobs/redis/redis-engine.js');
    return redisEngine({ url: redis, retries });
  }
  return localEngine({
    worker,
    processes: jobs ?? defaultJobs(threads),
    retries,
    ...(memory === undefined ? {} : { memory: memory * 1e9 }),
  });
}
