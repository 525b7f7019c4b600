import type { LawPoint } from '../../shared/law-point.js';

/** Standard errors of three seeds within which two numbers are the same; and no less than this. */
const [errors, least] = [3, 0.01];

/** Whether noise, or noise and flow, is what was measured, and what the paper has. */
export function explained({ overlap: { measured, law, withFlow }, flowShare, paper }: LawPoint): string {
  const isSame = (predicted: number, error = 0): boolean =>
    Math.abs(measured.value - predicted) <= Math.max(least, errors * Math.hypot(measured.error, error));
  const flow = `with a flow of ${(100 * flowShare.value).toFixed(1)} % of the energy the law has ${withFlow.toFixed(3)}`;
  const verdict = isSame(law.mean)
    ? `noise alone has ${law.mean.toFixed(3)}, and SGD ${measured.value.toFixed(3)}: explained`
    : `noise alone has ${law.mean.toFixed(3)}, SGD ${measured.value.toFixed(3)}; ${flow}: ${isSame(withFlow, (law.mean * flowShare.error) / 2) ? 'explained by both' : 'not explained'}`;
  if (paper === null) return verdict;
  const distance = paper - law.mean;
  if (Math.abs(distance) <= least) return `${verdict}; the paper's ${paper} is that of noise alone`;
  return distance > 0
    ? `${verdict}; the paper's ${paper} is above that of noise alone here, by ${distance.toFixed(3)}, which no flow makes up`
    : `${verdict}; the paper's ${paper} is that of noise with a flow of about ${(100 * (1 - (paper / law.mean) ** 2)).toFixed(0)} %`;
}

/** What the test of single directions finds. */
export function testNote(points: readonly LawPoint[]): string {
  return `Mean of the ratios (1 by the law), their variance over the squared mean (2 for χ²₁), and directions rejected by Holm's rule at 5 %: ${points
    .map(
      ({ statement, test }) =>
        `${statement} ${test.mean.toFixed(2)} ± ${test.standardError.toFixed(2)}, ${test.relativeVariance.toFixed(1)}, ${test.rejected} of ${test.directions.length}`,
    )
    .join('; ')}.`;
}
