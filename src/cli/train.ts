import { Command } from 'commander';
import { trainJsonSchema, type TrainConfig } from '../train/train-config.js';
import type { TrainDocument } from '../train/train-document.js';
import { knownTopFraction } from '../train/known-top-fraction.js';
import { paperOverlap } from '../train/softmax-case.js';
import { train } from '../train/train.js';
import { hasActivation } from '../train/train-unused.js';
import { interruptSignal } from './interrupt.js';
import { networkRuntime } from './network-runtime.js';
import { interval, meanOf, printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';
import { trainConfigOf, unusedTrainOptions, withTrainOptions, type TrainFlags } from './train-options.js';
import { refuseUnused } from './unused-options.js';

export function trainCommand(): Command {
  return withTrainOptions(new Command())
    .option('--schema', 'print the JSON Schema of configuration files, and do nothing else', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace train --model mlp:100,100 --data mnist --samples 5000 --steps 300 --measure-every 10 --out run/fig1' +
        '\n  $ tiny-subspace train --model softmax --data mixture:3,10,0.2,1000 --steps 200 --measure-every 50 --top 10 --json',
    )
    .action(async (options: TrainFlags & { readonly schema: boolean }, command: Command) => {
      if (options.schema) {
        const others = command.options.map((option) => option.attributeName()).filter((name) => name !== 'schema');
        refuseUnused(command, [{ when: true, options: others, why: '--schema only prints' }]);
        printJson(trainJsonSchema());
        return;
      }
      const config = trainConfigOf(options);
      refuseUnused(command, unusedTrainOptions(config, options));
      const document = await runTraining(config, options);
      if (options.json) printJson(document);
      else printTraining(document);
    });
}

/** Trains with a progress bar; Ctrl-C stops after the current step, checkpointed. */
export async function runTraining(
  config: TrainConfig,
  { out, initFrom, initMap }: Pick<TrainFlags, 'out' | 'initFrom' | 'initMap'>,
): Promise<TrainDocument> {
  const runtime = config.backend === 'onnx' ? await networkRuntime() : undefined;
  const { signal, release } = interruptSignal();
  const bar = startProgress('train', config.steps);
  try {
    return await train(config, {
      ...(runtime === undefined ? {} : { runtime }),
      signal,
      ...(out === undefined ? {} : { out }),
      ...(initFrom === undefined ? {} : { initFrom }),
      ...(initMap === undefined ? {} : { initMap }),
      onProgress({ step, lastRecord }) {
        bar.update(
          step,
          lastRecord && `loss ${short(lastRecord.loss, 3)}  f_top ${interval(knownTopFraction(lastRecord), 3)}`,
        );
      },
    });
  } finally {
    bar.stop();
    release();
  }
}

export function printTraining({ run, records, window, summary }: TrainDocument): void {
  const { config, data, parameters, subspace: m } = run;
  const { batch, schedule } = config;
  printLine(
    `${config.model}${hasActivation(config.model) ? ` (${config.activation})` : ''} on ${data.name}: ${data.samples} samples, ${data.features} inputs` +
      (data.zeroFeaturesDropped > 0
        ? ` (${data.zeroFeaturesDropped} of them zero in every sample: their weights do not move and are left out)`
        : '') +
      `, ${parameters} parameters`,
  );
  printLine(
    `${config.optimizer.kind}, batch ${batch ?? 'all'}, η = ${schedule.rate}${schedule.kind === 'constant' ? '' : ` (${schedule.kind})`}, ` +
      `${config.loss}, ${config.precision}, seed ${config.seed}` +
      (summary.followed === null ? '' : `; ${followedText(config, summary.followed)}`),
  );
  printLine();
  printTable(
    [
      'step',
      'loss',
      'accuracy',
      'test',
      '‖g‖',
      `f_top(${m})`,
      'λ₁',
      `λ_${m}`,
      'gap',
      'overlap(g,Hg)',
      'subspace overlap',
      'Hv',
    ],
    records.map((r) => [
      String(r.step),
      short(r.loss, 4),
      r.accuracy === null ? '–' : short(r.accuracy, 4),
      r.testAccuracy === null ? '–' : short(r.testAccuracy, 4),
      short(r.gradientNorm, 4),
      interval(knownTopFraction(r)),
      short(r.eigenvalues[0]!, 4),
      short(r.eigenvalues[m - 1]!, 4),
      short(r.topFraction.gap, 3),
      short(r.overlapGradientHessianGradient, 4),
      r.subspaceOverlap === null ? '–' : interval(r.subspaceOverlap.top),
      String(r.hessianVectorProducts),
    ]),
  );
  printLine();
  const { finalTopFraction: final, overlapWindow, topFractionWindow } = summary;
  printLine(`f_top(${m}) at the end: ${interval(final)} (a random direction: ${short(final.null, 3)})`);
  if (overlapWindow !== null) {
    const paper = paperOverlap({ run, window });
    printLine(
      `overlap(g,Hg) over the last steps (from ${overlapWindow.firstStep}, ${overlapWindow.count} of them): ` +
        meanOf(overlapWindow) +
        (paper === null ? '' : `   the paper: ${paper}`),
    );
  }
  if (topFractionWindow !== null && topFractionWindow.count > 1) {
    printLine(
      `f_top(${m}) over the ${topFractionWindow.count} records in these steps: ${short(topFractionWindow.mean, 4)}`,
    );
  }
}

function followedText(
  { follow }: TrainConfig,
  { since, products }: NonNullable<TrainDocument['summary']['followed']>,
): string {
  const when = since === null ? 'the switch did not come: never' : `from step ${since} on`;
  return `${when} along ${follow.direction} (${products} products for its subspace)`;
}
