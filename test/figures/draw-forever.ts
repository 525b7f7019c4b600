import { drawFigures } from '../../figures/index.js';
import { softmaxFixture } from './softmax-fixture.js';

/** Draws one figure again and again into the folder named on the command line, until it is killed. */
const measurement = await softmaxFixture();
process.stdout.write('ready\n');
for (;;) await drawFigures({ out: process.argv[2]!, only: ['softmax'], measurement });
