import { Option } from 'commander';

/** `--redis`, wherever a queue is meant. A password is better in the variable: the list of processes shows what is typed. */
export function redisOption(description: string): Option {
  return new Option(
    '--redis <URL>',
    `${description}: redis://[:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// over TLS`,
  ).env('TINY_SUBSPACE_REDIS');
}
