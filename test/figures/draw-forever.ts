import { drawFigures } from '../../figures/index.js';

/** Draws one figure again and again into the folder named on the command line, until it is killed. */
process.stdout.write('ready\n');
for (;;) await drawFigures({ out: process.argv[2]!, only: ['spectrum'] });
