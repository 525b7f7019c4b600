import { sectorName } from '../../../src/exact/noisy/sector-name.js';
import { colours } from '../../core/colours.js';

/** How the levels of a sector are drawn, and what moving along its directions does. */
export interface SectorLook {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  readonly width: number;
  readonly meaning: string;
}

const looks: Readonly<Record<string, Omit<SectorLook, 'name'>>> = {
  trivial: {
    colour: colours.vermilion,
    dash: '',
    width: 4,
    meaning: 'all classes grow surer alike: the one direction in which the weights move',
  },
  gradient: {
    colour: colours.vermilion,
    dash: '',
    width: 4,
    meaning:
      'each class grows surer on its own inputs: one direction a class, among them that in which the weights move',
  },
  'standard+': {
    colour: colours.blue,
    dash: '',
    width: 1.8,
    meaning:
      'some classes gain at the cost of others: the steeper mixture of a larger margin and of being preferred whatever the input',
  },
  'standard-': {
    colour: colours.purple,
    dash: '7 3',
    width: 1.8,
    meaning: 'some classes gain at the cost of others: the flatter mixture of the same two moves',
  },
  symmetric: {
    colour: colours.green,
    dash: '2 3',
    width: 1.8,
    meaning: 'pairs of classes are confused more or less, both ways alike',
  },
  antisymmetric: {
    colour: colours.orange,
    dash: '10 3 2 3',
    width: 1.8,
    meaning: 'of a pair of classes one is taken for the other more often, and the other less often',
  },
  'mini-bulk': {
    colour: colours.blue,
    dash: '7 3',
    width: 1.8,
    meaning: 'which wrong class the doubt about an input goes to',
  },
  bulk: {
    colour: colours.ink,
    dash: '1 2',
    width: 1.8,
    meaning: 'weights on features that say nothing about the class: nothing but noise reaches them',
  },
};

const rest: Omit<SectorLook, 'name'> = {
  colour: colours.grey,
  dash: '',
  width: 1,
  meaning: 'changes the loss not at all: the same added to the score of every class, or a feature that no input has',
};

/** `sector` as in a document of the command line. */
export const lookOf = (sector: string): SectorLook => ({
  name: sectorName(sector).replace('standard-', 'standard−'),
  ...(looks[sector] ?? rest),
});
