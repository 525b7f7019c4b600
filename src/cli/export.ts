import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { describedRun } from '../studies/spectrum/described-run.js';
import { exportNetwork, type ExportOptions } from '../studies/spectrum/exported-network.js';
import { runtimeOf } from './network-runtime.js';
import { printJson, printLine } from './output.js';
import { problemConfigOf, unusedProblemOptions, withProblemOptions, type ProblemFlags } from './problem-options.js';
import { refuseUnused } from './unused-options.js';

interface ExportFlags extends ProblemFlags {
  readonly checkpoint?: string;
  readonly out: string;
  readonly json: boolean;
}

/** Options of a problem that neither shapes nor weights depend on. */
const ofLoss = ['backend', 'samples', 'subset', 'randomLabels', 'pixels', 'parameters', 'subspace', 'threads'];

export function exportCommand(signal: AbortSignal): Command {
  return withProblemOptions(
    new Command().option('--checkpoint <FILE>', 'weights of a run: DIR/weights/step-….safetensors; or, without it:'),
  )
    .requiredOption('--out <FILE>', 'the ONNX file that is written')
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExample:\n  $ tiny-subspace export --checkpoint run/fig1/weights/step-00000300.safetensors --out fig1.onnx',
    )
    .action(async (flags: ExportFlags, command: Command) => {
      const { checkpoint, model, config: file, initFrom, initMap, out } = flags;
      if (checkpoint === undefined && model === undefined && file === undefined) {
        throw new UsageError('nothing says which network: give --checkpoint, or --model and --data');
      }
      const config = checkpoint === undefined ? problemConfigOf(flags) : describedRun(checkpoint, initMap).config;
      refuseUnused(command, [
        {
          when: checkpoint !== undefined,
          options: withProblemOptions(new Command())
            .options.map((option) => option.attributeName())
            .filter((name) => name !== 'initMap'),
          why: 'the checkpoint says which network it is of, on which data',
        },
        ...(checkpoint === undefined ? unusedProblemOptions(config, flags) : []),
        { when: true, options: ofLoss, why: 'the network is written with its weights, and nothing of its loss' },
      ]);
      const options: ExportOptions = {
        ...(checkpoint === undefined ? { config } : { checkpoint }),
        ...(checkpoint === undefined && initFrom !== undefined && { initFrom }),
        ...(initMap && { initMap }),
        ...{ out, signal },
      };
      const document = await exportNetwork(options, await runtimeOf(config));
      if (flags.json) printJson(document);
      else printLine(`${document.model}: ${document.parameters} parameters, ${document.bytes} bytes, in ${out}`);
    });
}
