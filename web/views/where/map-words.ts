import { short } from '../../../src/numeric/short-number.js';
import { sectorName } from '../../../src/exact/noisy/index.js';
import type { WhereSettings } from './controls.js';
import type { MapColumn } from './map-columns.js';

const lineNames: Readonly<Record<string, string>> = {
  boundary: 'the flow leaves the top k',
  takeover: 'from here on noise outweighs the flow',
};

/** What a line of the map says. */
export const lineName = (line: string): string => lineNames[line] ?? `the ${sectorName(line)} level overtakes`;

/** What the map shows, why, and where it fails. */
export const mapCaption = (settings: WhereSettings, columns: readonly MapColumn[]): string =>
  settings.map === 'flow' ? flowCaption(settings.classes, columns) : sgdCaption(settings);

const flowCaption = (k: number, columns: readonly MapColumn[]): string => {
  const undecided = columns.flatMap(({ fractions }) => fractions).filter(({ lower, upper }) => lower < upper).length;
  return (
    `Coloured: the whole gradient lies in the top k = ${k} eigenvectors of the Hessian, f_top(k) = 1; blank: none of it, f_top(k) = 0. ` +
    `Training moves straight up, from α = 0 to the best margin α* = 1/σ²; the first line it meets, where another level overtakes the gradient’s, ends the claim. ` +
    `The dashed law gives that height for σ → 0 only. The usual measure overlap(g, Hg) is 1 on the whole map and does not see the edge.` +
    (undecided === 0 ? '' : ` Half coloured: ${undecided} places whose levels are too close to tell apart here.`)
  );
};

const sgdCaption = ({ classes: k, 'eta-over-b': ratio }: WhereSettings): string =>
  `The colour is f_top(k), the share of E‖g‖² in the top k = ${k} eigenvectors, of flow and noise together at η/b = ${short(ratio)}. Below the solid line the flow is inside and f_top near 1; ` +
  `between the lines it is outside and f_top low; above the dashed one the noise outweighs the flow and brings part of f_top back, which is no sign of learning there. ` +
  `To leading order in η/b: where the second order below is not small, do not trust it.`;

interface Line {
  readonly name: string;
  readonly places: readonly { readonly noise: number; readonly relative: number }[];
}

/** A name at a place of the map. */
interface RegionName {
  readonly noise: number;
  readonly relative: number;
  readonly name: string;
}

/** Names of the regions between the lines, near the left end. */
export function regionNames({ map }: WhereSettings, lines: readonly Line[]): RegionName[] {
  const noise = 0.112;
  const heights = lines
    .map(({ places }) => places.find((place) => place.noise >= noise)?.relative ?? 0)
    .sort((x, y) => x - y);
  if (heights.length === 0) return [];
  const [edge, second = 1] = heights as [number, number?];
  if (map === 'flow')
    return [
      { noise, relative: edge / 2, name: 'inside: f_top(k) = 1' },
      { noise, relative: (1 + heights.at(-1)!) / 2, name: 'outside: f_top(k) = 0' },
    ];
  return [
    { noise, relative: edge / 2, name: 'flow, inside' },
    { noise, relative: (edge + second) / 2, name: 'flow, outside' },
    { noise, relative: (1 + second) / 2, name: 'noise of SGD' },
  ].filter(({ relative }, i) => i !== 1 || relative - edge > 0.04);
}
