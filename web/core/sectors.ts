import { colours } from './colours.js';

/** How the levels of the Hessian are drawn, by their sector, as in the figures of the command line. */
export const sectorLines: Readonly<Record<string, { readonly colour: string; readonly dash: string }>> = {
  trivial: { colour: colours.vermilion, dash: '' },
  'standard+': { colour: colours.blue, dash: '' },
  antisymmetric: { colour: colours.orange, dash: '6 2' },
  'standard-': { colour: colours.purple, dash: '4 3' },
  symmetric: { colour: colours.green, dash: '2 2' },
  bulk: { colour: colours.ink, dash: '' },
};
