import { Command, Option } from 'commander';
import { describedRun } from '../studies/spectrum/described-run.js';
import { spectrum, type SpectrumDocument, type SpectrumOptions } from '../studies/spectrum/spectrum.js';
import { runtimeOf } from './network-runtime.js';
import { nameMap } from './name-map.js';
import { integerIn, numberIn, seed } from './options.js';
import { interval, printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

interface SpectrumCommandOptions extends Omit<
  SpectrumOptions,
  'densityProducts' | 'traceProducts' | 'onProgress' | 'signal'
> {
  readonly density: number;
  readonly trace: number;
  readonly json: boolean;
}

export function spectrumCommand(signal: AbortSignal): Command {
  return new Command()
    .requiredOption('--checkpoint <FILE>', 'weights of a run: DIR/weights/step-….safetensors')
    .option('--init-map <MAP>', 'which of its tensors is which, where they were renamed, as of train', nameMap)
    .addOption(
      new Option('--curvature <KIND>', 'the Hessian, or its Gauss–Newton part')
        .choices(['hessian', 'gauss-newton'])
        .default('hessian'),
    )
    .option(
      '--layers <LIST>',
      'only the block of these layers, for example dense1,dense2',
      (text) => text.split(','),
      [],
    )
    .option('--top <M>', 'largest eigenvalues', integerIn(1, 1000, 20), 20)
    .option('--bottom <M>', 'smallest eigenvalues', integerIn(0, 1000, 5), 0)
    .option('--tolerance <TOL>', 'residual over ‖H‖', numberIn(1e-12, 0.1, 1e-4), 1e-4)
    .option('--basis <N>', 'vectors a search may hold (default: as many as it wants)', integerIn(13, 10_000, 60))
    .option('--density <N>', 'products spent on the spectral density', integerIn(0, 1e6, 800), 0)
    .option('--trace <N>', 'products spent on the trace', integerIn(0, 1e6, 60), 0)
    .option('--split', "Papyan's outliers and mini-bulk of the Gauss–Newton matrix, k² gradients", false)
    .addOption(
      new Option(
        '--noise-null [PROBES]',
        "f_top and overlap(g,Hg) of the run's noise alone, from PROBES random vectors",
      )
        .argParser(integerIn(2, 1000, 10))
        .preset('10'),
    )
    .option('--seed <N>', 'seed of start vectors and probes', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExample:\n  $ tiny-subspace spectrum --checkpoint run/fig1/weights/step-00000300.safetensors --top 20 --trace 60',
    )
    .action(async ({ density, trace, json, ...options }: SpectrumCommandOptions, command: Command) => {
      refuseUnused(command, [
        {
          when: options.layers.length > 0 || options.curvature !== 'hessian',
          options: ['noiseNull'],
          why: 'the law of the noise needs the whole Hessian',
        },
        { when: options.layers.length > 0, options: ['split'], why: 'the split is that of the whole, not of --layers' },
      ]);
      const bar = startProgress('spectrum', 4);
      let done = 0;
      try {
        const document = await spectrum(
          {
            ...options,
            densityProducts: density,
            traceProducts: trace,
            signal,
            onProgress: (part) => {
              bar.update(++done, part);
            },
          },
          await runtimeOf(describedRun(options.checkpoint, options.initMap).config),
        );
        bar.stop();
        if (json) printJson(document);
        else printSpectrum(document);
      } finally {
        bar.stop();
      }
    });
}

function printSpectrum(document: SpectrumDocument): void {
  const { config, step, noise, curvature, layers, dimension, loss, accuracy, top, bottom, trace, density, split } =
    document;
  printLine(
    `${curvature} of ${config.model} on ${config.data.source} at step ${step}: ` +
      `${layers.length > 0 ? `block of ${layers.join(', ')}, ` : ''}dimension ${dimension}, loss ${short(loss)}, ${accuracy === null ? 'a regression' : `accuracy ${short(accuracy, 4)}`}`,
  );
  printLine();
  printTable(
    ['rank', 'eigenvalue', '‖Hv − λv‖', 'error bound'],
    top.eigenvalues.map((value, i) => [
      String(i + 1),
      short(value),
      short(top.residuals[i]!, 2),
      short(top.errors[i]!, 2),
    ]),
  );
  if (bottom !== null) {
    printLine();
    printLine(`smallest: ${bottom.eigenvalues.map((value) => short(value, 4)).join(', ')}`);
  }
  if (trace !== null) {
    printLine(
      `trace: ${short(trace.value)} ± ${short(trace.standardError, 2)}, with 95 % in [${short(trace.lower)}, ${short(trace.upper)}]`,
    );
  }
  if (density !== null)
    printLine(`density: ${density.points.length} points, smeared by ${short(density.width, 3)} (--json has them)`);
  if (noise !== undefined) {
    const { subspace: m, topFraction, overlap, noiseNull: law } = noise;
    const { stationary, overlap: overlaps } = law ?? {};
    printLine(
      `f_top(${m}): ${interval(topFraction, 4)}, overlap(g,Hg): ${short(overlap, 4)}; of SGD's noise alone: ` +
        (stationary && overlaps?.stationary
          ? `${interval(stationary, 4)} and ${short(overlaps.stationary.mean, 4)} ± ${short(overlaps.stationary.spread, 2)}`
          : 'none that is stationary'),
    );
  }
  if (split !== null) {
    printLine(`between classes (${split.between.length}): ${split.between.map((value) => short(value, 4)).join(', ')}`);
    printLine(
      `cross (mini-bulk, ${split.cross.length}): largest ${short(split.cross[0] ?? 0, 4)}, of ${split.cross.filter((x) => x > 1e-6 * (split.cross[0] ?? 0)).length} that are not zero`,
    );
  }
}
