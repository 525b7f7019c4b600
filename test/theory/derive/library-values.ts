import { det } from 'mathjs';
import {
  exactFlow,
  exactSnapshot,
  marginRate,
  noiselessSgdNoise,
  symmetricLevels,
  symmetricPoint,
  symmetricPointAtMargin,
  symmetricSnapshotAt,
} from '../../../src/exact/noiseless/index.js';
import type { Snapshot } from '../../../src/observe/snapshot.js';
import type { Value } from './latex-value.js';

type Values = Record<string, Value>;

export const classNumbersTo = (k: number): number[] => Array.from({ length: k }, (_, i) => i + 1);

/** What the library says of the names of a derivation, by the name of the part. Undefined where nothing is given that the part needs. */
export function lineValues(
  k: number,
  { alpha, eta, b, y, t }: Record<'alpha' | 'eta' | 'b' | 'y' | 't', number>,
): Record<string, Values> {
  const point = symmetricPointAtMargin(k, alpha);
  const snapshot = symmetricSnapshotAt(point, k);
  const { error: epsilon, gradientNorm } = point;
  const shared = { epsilon, Z: (k - 1) / epsilon };
  const [first, second] = symmetricLevels(point, k);
  const [lambda_1, lambda_2] = [first!.value, epsilon / (k * (k - 1))];
  const levels = {
    lambda_1,
    lambda_2: second!.sector === 'mini-bulk' ? second!.value : lambda_2,
    m_1: first!.multiplicity,
    m_2: second!.sector === 'mini-bulk' ? second!.multiplicity : 0,
    m_0: symmetricLevels(point, k).find(({ sector }) => sector === 'null')!.multiplicity,
    ratio: lambda_1 / lambda_2,
  };
  const G = rowsOf(snapshot.gradient, k);
  const rest = noiselessSgdNoise(point, { learningRate: eta, batch: b }, 'rest');
  const slow = noiselessSgdNoise(point, { learningRateOverBatch: eta / b }, 'rest');
  const flow = noiselessSgdNoise(point, { learningRate: eta, batch: b }, 'flow');
  const later = symmetricPoint(k, t);
  const H = hessianBlocks(snapshot, k);
  const C = covarianceBlocks(G);
  return {
    gradient: { ...shared, L: point.loss, G_aa: G[0]![0]!, G_ca: G[1]![0]!, G_norm: gradientNorm, G },
    hessian: {
      ...shared,
      ...H,
      S_aa: k * H.H_1![0]![0]!,
      S_ac: k * H.H_1![0]![1]!,
      S_cc: k * H.H_1![1]![1]!,
      ...(k > 2 ? { S_cb: k * H.H_1![1]![2]! } : {}),
    },
    spectrum: { ...shared, ...levels },
    characteristic_polynomial: {
      ...shared,
      lambda_1,
      lambda_2: levels.lambda_2,
      chi: classNumbersTo(k).reduce((product, a) => product * characteristic(H[`H_${a}`]!, y), 1),
    },
    flow: { ...shared, dalpha_dt: marginRate(k, alpha), t: point.time, dL_dt: -(gradientNorm ** 2) },
    flow_at_time: { omega: (1 - later.error) / later.error, epsilon: later.error, alpha: later.margin, L: later.loss },
    covariance: {
      ...shared,
      ...C,
      C_aa_aa: C.C_11![0]![0]!,
      C_aa_ac: C.C_11![0]![1]!,
      C_aa_cc: C.C_11![1]![1]!,
      C_ab_ab: C.C_12![0]![1]!,
      C_ab_ac: C.C_12![0]![0]!,
      C_ab_cc: C.C_12![1]![0]!,
    },
    noise: {
      ...shared,
      c: rest.covariance,
      rank: k - 1,
      lambda_1,
      v_rest: rest.variance,
      v_slow: slow.variance,
      t: point.time,
      v_flow: flow.variance,
    },
  };
}

/** The same at any logits, k×k. */
export function anyValues(k: number, logits: Float64Array, y: number): Record<string, Values> {
  const state = exactFlow(k, logits).at(0);
  const snapshot = exactSnapshot(state, k, Infinity);
  const G = rowsOf(state.gradient, k);
  const p = rowsOf(state.probabilities, k);
  const H = hessianBlocks(snapshot, k);
  const classes = classNumbersTo(k);
  const shared = Object.fromEntries(
    classes.flatMap((a) => [
      [`epsilon_${a}`, state.errors[a - 1]!],
      ...classes.map((c) => [`p_${c}${a}`, p[c - 1]![a - 1]!] as const),
    ]),
  );
  return {
    gradient: { ...shared, L: state.loss, G },
    hessian: { ...shared, ...H },
    spectrum: { ...shared, levels: [snapshot.spectrum.levels.map(({ value }) => value)] },
    characteristic_polynomial: {
      ...shared,
      ...Object.fromEntries(
        classes.map((a) => [
          `chi_${a}`,
          characteristic(
            H[`H_${a}`]!.map((row) => row.map((x) => k * x)),
            y,
          ),
        ]),
      ),
    },
    flow: { ...shared, dw_dt: G.map((row) => row.map((x) => -x)), dL_dt: -(state.gradientNorm ** 2) },
    covariance: {
      ...shared,
      ...covarianceBlocks(G),
      ...Object.fromEntries(classes.flatMap((c) => classes.map((a) => [`G_${c}${a}`, G[c - 1]![a - 1]!]))),
    },
  };
}

const rowsOf = (flat: Float64Array, k: number): number[][] =>
  Array.from({ length: k }, (_, c) => [...flat.subarray(c * k, (c + 1) * k)]);

const characteristic = (block: readonly (readonly number[])[], y: number): number =>
  det(block.map((row, c) => row.map((x, b) => (c === b ? y : 0) - x)));

/** H_a by what the library's Hessian makes of unit vectors; throws where it leads out of the block. */
export function hessianBlocks({ hessian }: Snapshot, k: number): Record<string, number[][]> {
  return Object.fromEntries(
    classNumbersTo(k).map((a) => {
      const columns = classNumbersTo(k).map((b) => {
        const unit = new Float64Array(k * k);
        unit[(b - 1) * k + a - 1] = 1;
        const image = rowsOf(hessian.apply(unit, 1), k);
        if (image.some((row) => row.some((x, f) => f !== a - 1 && x !== 0)))
          throw new Error('H leads out of its block');
        return image.map((row) => row[a - 1]!);
      });
      return [`H_${a}`, columns[0]!.map((_, c) => columns.map((column) => column[c]!))];
    }),
  );
}

/** C by its definition: a sample of class a, one of k, has k times column a of G. */
function covarianceBlocks(G: readonly (readonly number[])[]): Record<string, number[][]> {
  const k = G.length;
  const entry = (a: number, b: number, c: number, d: number): number => {
    let mean = 0;
    for (let sample = 0; sample < k; sample++)
      mean += ((a === sample ? k * G[c]![a]! : 0) * (b === sample ? k * G[d]![b]! : 0)) / k;
    return mean - G[c]![a]! * G[d]![b]!;
  };
  const range = classNumbersTo(k).map((a) => a - 1);
  return Object.fromEntries(
    range.flatMap((a) =>
      range.map((b) => [`C_${a + 1}${b + 1}`, range.map((c) => range.map((d) => entry(a, b, c, d)))] as const),
    ),
  );
}
