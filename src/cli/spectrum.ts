import { Command, Option } from 'commander';
import { UsageError } from '../errors.js';
import { describedRun } from '../studies/spectrum/described-run.js';
import { spectrum, type SpectrumDocument, type SpectrumOptions } from '../studies/spectrum/spectrum.js';
import { knownTopFraction } from '../train/known-top-fraction.js';
import { printSubsetSpectra, subsetSpectraOf } from './spectrum-subsets.js';
import { printNotice } from './messages.js';
import { runtimeOf } from './network-runtime.js';
import { integerIn, numberIn } from './options.js';
import { interval, short } from '../numeric/short-number.js';
import { printJson, printLine, printTable } from './output.js';
import { problemConfigOf, unusedProblemOptions, withProblemOptions, type ProblemFlags } from './problem-options.js';
import { startProgress } from './progress.js';
import { refuseUnused, type UnusedOptions } from './unused-options.js';

interface SpectrumFlags
  extends ProblemFlags, Pick<SpectrumOptions, 'curvature' | 'layers' | 'top' | 'bottom' | 'tolerance' | 'split'> {
  readonly checkpoint?: string;
  readonly basis?: number;
  readonly blocks?: string[];
  readonly subsets?: number;
  readonly density: number;
  readonly trace: number;
  readonly noiseNull?: number;
  readonly json: boolean;
}

/** Without a checkpoint a seed of the problem is that of the search too. */
const standardSeed = 1;

export function spectrumCommand(signal: AbortSignal): Command {
  return withProblemOptions(
    new Command().option('--checkpoint <FILE>', 'weights of a run: DIR/weights/step-….safetensors; or, without it:'),
  )
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
    .option(
      '--blocks <LIST>',
      "spectra of diagonal blocks, all in one pass: 'each' parameter, all 'layers', or patterns of parameters, separated by semicolons, for example 'dense1;dense2.weight,dense3.weight'",
      (text) => text.split(';').map((block) => block.trim()),
    )
    .option(
      '--subsets <K>',
      'spectra of K disjoint random subsets of --samples each, instead of one of all samples: means and standard errors',
      integerIn(2, 1000, 8),
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
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace spectrum --checkpoint run/fig1/weights/step-00000300.safetensors --top 20 --trace 60' +
        '\n  $ tiny-subspace spectrum --model mlp:20 --data mnist --samples 5000 --init-from weights.safetensors --subspace 10',
    )
    .action(async (flags: SpectrumFlags, command: Command) => {
      const options = spectrumOptionsOf(flags);
      refuseUnused(command, unusedSpectrumOptions(flags, options));
      const { subsets } = flags;
      const runtime = await runtimeOf(options.config ?? describedRun(options.checkpoint!, options.initMap).config);
      if (subsets !== undefined) {
        printSubsetSpectra(await subsetSpectraOf(flags, subsets, options, { runtime, signal }), flags.json);
        return;
      }
      const bar = startProgress('spectrum', 4);
      let done = 0;
      try {
        const document = await spectrum(
          {
            ...options,
            signal,
            onProgress: (part) => {
              bar.update(++done, part);
            },
          },
          runtime,
        );
        bar.stop();
        for (const note of document.modelNotes ?? []) printNotice(note);
        if (flags.json) printJson(document);
        else printSpectrum(document);
      } finally {
        bar.stop();
      }
    });
}

/** What the options mean. Throws UsageError where they say neither which weights nor which network. */
function spectrumOptionsOf(flags: SpectrumFlags): SpectrumOptions {
  const { checkpoint, model, config, initFrom, initMap, subspace, basis, blocks, noiseNull } = flags;
  const { seed = standardSeed } = flags;
  if (checkpoint === undefined && model === undefined && config === undefined) {
    throw new UsageError(
      "required option '--checkpoint <FILE>' not specified; or, for a network without a run, give --model and --data",
    );
  }
  const { curvature, layers, top, bottom, tolerance, split, density, trace } = flags;
  return {
    ...(checkpoint === undefined ? { config: problemConfigOf(wholeData(flags)) } : { checkpoint }),
    ...(checkpoint === undefined && initFrom !== undefined && { initFrom }),
    ...(initMap && { initMap }),
    ...(subspace !== undefined && { subspace }),
    ...(basis !== undefined && { basis }),
    ...(blocks && { blocks }),
    ...(noiseNull !== undefined && { noiseNull }),
    ...{ curvature, layers, top, bottom, tolerance, split, seed },
    densityProducts: density,
    traceProducts: trace,
  };
}

/** With --subsets, --samples are those of each. */
function wholeData({ samples, ...flags }: SpectrumFlags): ProblemFlags {
  return flags.subsets !== undefined || samples === undefined ? flags : { ...flags, samples };
}

function unusedSpectrumOptions(flags: SpectrumFlags, { config, layers, curvature }: SpectrumOptions): UnusedOptions[] {
  const ofProblem = withProblemOptions(new Command()).options.map((option) => option.attributeName());
  const alsoOfRun = ['initMap', 'subspace', 'seed'];
  return [
    {
      when: config === undefined,
      options: ofProblem.filter(
        (name) => !alsoOfRun.includes(name) && (name !== 'samples' || flags.subsets === undefined),
      ),
      why: 'the checkpoint says which network it is of, on which data',
    },
    ...(config === undefined ? [] : unusedProblemOptions(config, flags)).map((rule) => ({
      ...rule,
      options: rule.options.filter((name) => name !== 'samples' || flags.subsets === undefined),
    })),
    {
      when: flags.subsets !== undefined,
      options: ['layers', 'blocks', 'bottom', 'density', 'split', 'noiseNull'],
      why: '--subsets have top eigenvalues, f_top, overlap and trace',
    },
    {
      when: config !== undefined && flags.config === undefined,
      options: ['noiseNull'],
      why: 'the noise is that of a run, which a checkpoint or --config describes',
    },
    {
      when: layers.length > 0 || curvature !== 'hessian',
      options: ['noiseNull'],
      why: 'the law of the noise needs the whole Hessian',
    },
    { when: layers.length > 0, options: ['split'], why: 'the split is that of the whole, not of --layers' },
    { when: layers.length > 0, options: ['blocks'], why: 'blocks are those of the whole, not of --layers' },
  ];
}

function printSpectrum(document: SpectrumDocument): void {
  const { config, step, noise, curvature, layers, dimension, loss, accuracy, top, bottom, trace, density, split } =
    document;
  printLine(
    `${curvature} of ${config.model} on ${config.data.source} at ${document.checkpoint === null ? 'its first weights' : `step ${step}`}: ` +
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
  printLine();
  printLine(gradientText(document));
  if (bottom !== null) {
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
  if (document.blocks !== undefined) printBlocks(document.blocks);
  if (split !== null) {
    printLine(`between classes (${split.between.length}): ${split.between.map((value) => short(value, 4)).join(', ')}`);
    printLine(
      `cross (mini-bulk, ${split.cross.length}): largest ${short(split.cross[0] ?? 0, 4)}, of ${split.cross.filter((x) => x > 1e-6 * (split.cross[0] ?? 0)).length} that are not zero`,
    );
  }
}

/** f_top as it is known, overlap and norm of the gradient. */
function gradientText({
  subspace: m,
  topFraction,
  topFractionBounds,
  overlapGradientHessianGradient: overlap,
  gradientNorm,
}: SpectrumDocument): string {
  if (gradientNorm === 0) return '‖g‖: 0, so that f_top and overlap(g,Hg) are undefined';
  const known =
    topFraction === null
      ? `unknown, the basis has no room for ${m + 1} pairs`
      : `${interval(knownTopFraction({ topFraction, topFractionBounds }), 4)} (a random direction: ${short(topFraction.null, 3)})`;
  return (
    `f_top(${m}): ${known}, ` +
    `overlap(g,Hg): ${overlap === null ? 'undefined, H g is zero' : short(overlap, 4)}, ‖g‖: ${short(gradientNorm)}`
  );
}

/** A line for each block; shares of the trace where that was taken. */
function printBlocks(blocks: NonNullable<SpectrumDocument['blocks']>): void {
  const hasTrace = blocks.some(({ trace }) => trace !== null);
  const most = Math.min(3, Math.max(...blocks.map(({ top }) => top.eigenvalues.length)));
  const ranks = Array.from({ length: most }, (_, i) => i);
  const orNone = (text: string | undefined): string => text ?? '–';
  printLine();
  printTable(
    [
      'block',
      'dimension',
      ...ranks.map((i) => `λ_${i + 1}`),
      ...(hasTrace ? ['trace', 'share'] : []),
      `f_top(${blocks[0]!.subspace})`,
      'overlap',
      '‖g_b‖²/‖g‖²',
    ],
    blocks.map(
      ({ name, dimension, top, trace, traceShare, topFraction, topFractionBounds, gradientShare, ...block }) => [
        name,
        String(dimension),
        ...ranks.map((i) => orNone(top.eigenvalues[i] === undefined ? undefined : short(top.eigenvalues[i], 4))),
        ...(trace === null || traceShare === null ? [] : [short(trace.value, 4), short(traceShare, 3)]),
        orNone(topFraction === null ? undefined : interval(knownTopFraction({ topFraction, topFractionBounds }), 3)),
        orNone(
          block.overlapGradientHessianGradient === null ? undefined : short(block.overlapGradientHessianGradient, 3),
        ),
        orNone(gradientShare === null ? undefined : short(gradientShare, 3)),
      ],
    ),
  );
}
