import type { Laws } from './laws.js';
import { classNumbers, noiseNumbers, relativeMargins } from './noisy-values.js';
import { once, relativeDifference, scientific, worst, worstOver } from './numerics.js';
import { collisions, type Collision } from './quadrature/collisions.js';
import type { Theorem } from './theorem.js';

interface LinePoint {
  readonly classes: number;
  readonly noise: number;
  readonly margin: number;
}

/** ‖G_c‖² and ⟨G_c, G_c′⟩ over (E p_1)², and log (E p_1)². */
interface Reference {
  readonly squaredNorm: number;
  readonly product: number;
  readonly logUnit: number;
}

/**
 * From the entries of G_c, of which there are five kinds by whether row a and column f are c: by Stein's lemma
 *   (G_c)_{af} = E[(p_a − [a = c]) x_f | c] = E p_a [f = c] − [a = f = c] + σ²α E p_a ([a = f] − p_f).
 * Where one class has its row or column, the other has none of its own: that pairs the kinds in the inner product.
 */
function reference({ classes: k, noise, margin }: LinePoint): Reference {
  const { logWrong, withTrue, ofOthers } = collisions(k, noise, margin);
  const over = (pair: Collision | undefined): number => (pair === undefined ? 0 : Math.exp(pair.log - logWrong));
  const [beside, apart, b] = [over(withTrue), over(ofOthers), noise ** 2 * margin];
  const own = (k - 1) * (b * beside - 1); // a = f = c
  const column = 1 - b * beside; // f = c
  const row = -b * beside; // a = c
  const diagonal = b * (beside + (k - 2) * apart); // a = f
  const rest = -b * apart;
  return {
    squaredNorm: own ** 2 + (k - 1) * (column ** 2 + row ** 2 + diagonal ** 2) + (k - 1) * (k - 2) * rest ** 2,
    product:
      2 * (own * diagonal + row * column) + (k - 2) * (2 * (row + column) * rest + diagonal ** 2 + (k - 3) * rest ** 2),
    logUnit: 2 * logWrong,
  };
}

const points: readonly LinePoint[] = [
  ...[3, ...classNumbers].flatMap((classes) =>
    noiseNumbers.flatMap((noise) =>
      relativeMargins.map((relative) => ({ classes, noise, margin: relative / noise ** 2 })),
    ),
  ),
  { classes: 2, noise: 0.4, margin: 2.5 },
  { classes: 3, noise: 0.01, margin: 1000 }, // where squares underflow
];
const references = points.map((point) => once(() => reference(point)));
const optimal = [2, 3, 10, 1000].flatMap((classes) =>
  [0.1, 0.5, 2].map((noise) => ({ classes, noise, margin: 1 / noise ** 2 })),
);

/** What two quadratures of one moment, squared, may differ by. */
const allowed = 1e-8;

export const classGradientsCancel: Theorem = {
  id: 'class-gradients-cancel',
  statement:
    'the gradients of the classes have one length and one cosine: 0 at the start, and −1/(k−1) at α* = 1/σ², where they are not zero and cancel; the gradient is their mean',
  formula: String.raw`\begin{gathered} G_c = \mathbb E\bigl[(p - e_c)\,x^{\mathsf T} \,\big|\, y = c\bigr], \qquad G = \frac1k \sum_c G_c, \qquad \lVert G \rVert^2 = \frac1k \bigl(\lVert G_c \rVert^2 + (k-1) \langle G_c, G_{c'} \rangle\bigr), \\ \alpha = 0: \quad \cos(G_c, G_{c'}) = 0; \qquad \alpha = \alpha^*: \quad \cos(G_c, G_{c'}) = -\frac1{k-1}, \quad G_c \ne 0 \end{gathered}`,
  assumptions: 'W = αB, orthonormal means, no biases; k to 2000, σ from 0.01 to 2.5, α to 1.3 α*',
  reference: 'definition of G_c, by Stein’s lemma; one-dimensional integrals by a quadrature of their own',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const off = worstOver([...points.keys()], allowed, (i) => referenceErrors(laws, points[i]!, references[i]!()));
    const atOptimum = optimal.map((point) => {
      const { cosine, squaredNorm } = laws.classCosine(point);
      return squaredNorm > 0 ? Math.abs((point.classes - 1) * cosine + 1) : Infinity;
    });
    const atStart = optimal.map((point) => Math.abs(laws.classCosine({ ...point, margin: 0 }).cosine));
    const mean = optimal.map((point) => {
      const at = { ...point, margin: point.margin / 3 };
      const { squaredNorm, product } = laws.classCosine(at);
      const { gradientNorm } = laws.marginPoint(at);
      return relativeDifference((squaredNorm + (at.classes - 1) * product) / at.classes, gradientNorm ** 2);
    });
    const [opposed, gradient] = [worst(atOptimum), worst(mean)];
    return {
      holds: off <= allowed && opposed <= allowed && worst(atStart) === 0 && gradient <= allowed,
      evidence: `${points.length} points of the domain within ${scientific(off)}; 1 + (k−1) cos at α* is ${scientific(opposed)}, ‖G‖² is that of the mean within ${scientific(gradient)}`,
    };
  },
};

function referenceErrors(laws: Laws, point: LinePoint, own: Reference): number[] {
  const { squaredNorm, product, cosine } = laws.classCosine(point);
  const unit = Math.exp(own.logUnit);
  const part = (x: number, y: number): number => ((point.classes - 1) * Math.abs(x - y)) / own.squaredNorm;
  return [
    relativeDifference(squaredNorm, unit * own.squaredNorm),
    unit === 0 ? Math.abs(product) : part(product / unit, own.product),
    part(cosine * own.squaredNorm, own.product),
  ];
}
