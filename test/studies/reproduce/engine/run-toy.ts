import { reproduce } from '../../../../src/studies/reproduce/reproduce.js';
import { toy } from './toy-experiment.js';

/** Reproduces the toy in the folder, with the number of jobs, named on the command line. */
const [, , out, jobs] = process.argv;
process.stdout.write('ready\n');
await reproduce([toy], { scale: 'full', out: out!, jobs: Number(jobs) });
