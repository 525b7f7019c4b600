import { Command, InvalidArgumentError, Option } from 'commander';
import {
  derivationFormats,
  derivationPlaces,
  derive,
  derivedQuantities,
  mostDerivedClasses,
  type DerivationFormat,
  type DerivationRequest,
} from '../../theory/derive/index.js';
import { isNumeral } from '../studies/solve/numeral.js';
import { printJson, printText } from './output.js';
import { refuseUnused } from './unused-options.js';

interface DeriveOptions extends Required<DerivationRequest> {
  readonly format: DerivationFormat;
  readonly json: boolean;
}

export function deriveCommand(): Command {
  return new Command()
    .option('--classes <K>', `number of classes, 2 to ${mostDerivedClasses}, or k for any number of them`, classes, 3)
    .addOption(new Option('--of <WHAT>', 'what is derived').choices(derivedQuantities).default('hessian'))
    .addOption(
      new Option('--at <PLACE>', 'on the symmetric line W = αB, or at any weights')
        .choices(derivationPlaces)
        .default('line'),
    )
    .addOption(new Option('--format <FORM>', 'how it is printed').choices(derivationFormats).default('latex'))
    .option('--json', 'print one JSON document with every form, symbols, assumptions and steps', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace derive --classes 3 --of spectrum --format latex\n  $ tiny-subspace derive --classes k --of flow --format mathjs\n  $ tiny-subspace derive --classes 4 --of gradient --at any --format python > gradient.py',
    )
    .action((options: DeriveOptions, command: Command) => {
      refuseUnused(command, [{ when: options.json, options: ['format'], why: '--json prints every form' }]);
      const derivation = derive(options);
      if (options.json) printJson(derivation);
      else printText(derivation.documents[options.format]);
    });
}

function classes(text: string): number | 'k' {
  if (text === 'k') return 'k';
  const value = Number(text);
  if (isNumeral(text) && Number.isInteger(value) && value >= 2 && value <= mostDerivedClasses) return value;
  throw new InvalidArgumentError(
    `It must be an integer from 2 to ${mostDerivedClasses}, or k for expressions in the number of classes, for example 3.`,
  );
}
