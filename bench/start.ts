import { spawnSync } from 'node:child_process';
import { line } from './ratio.js';

/**
 * How long commands take from start to end: `npm run bench:start` after `npm run build`. Medians of interleaved rounds, in seconds and over that of
 * a node that does nothing.
 */
const rounds = 5;
const built = 'dist/src/cli/main.js';
const commands: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  'bare node': [process.execPath, '-e', '0'],
  '--help': [process.execPath, built, '--help'],
  solve: [process.execPath, built, 'solve'],
  'solve, noise': [process.execPath, built, 'solve', '--noise', '0.3'],
  'through npm': ['npm', 'run', '-s', 'cli', '--', 'solve'],
};

const seconds = Object.values(commands).map((): number[] => []);
for (let round = 0; round <= rounds; round++) {
  Object.values(commands).forEach(([program, ...args], i) => {
    const start = performance.now();
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    if (round > 0) seconds[i]!.push((performance.now() - start) / 1000); // the first warms the caches
  });
}

const medians = seconds.map((all) => all.sort((a, b) => a - b)[(rounds - 1) / 2]!);
line('', 'seconds', '/ bare');
Object.keys(commands).forEach((name, i) => {
  line(name, medians[i]!, medians[i]! / medians[0]!);
});
