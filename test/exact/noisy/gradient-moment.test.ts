import { expect, it } from 'vitest';
import { gradientMoment } from '../../../src/exact/noisy/gradient-moment.js';
import { gradientCovariance, marginPoint } from '../../../src/exact/noisy/index.js';

it('gradientMoment: the sectors of C, in the trivial one with ‖G‖², and the eigenvalues of the block of copies', () => {
  const point = { classes: 5, dim: 7, noise: 1, margin: 3 };
  const { levels, standard, logUnit } = gradientCovariance(point);
  const found = gradientMoment(point);
  const { gradientNorm } = marginPoint(point);
  const alone = (sector: string) => found.filter((level) => level.sector === sector);
  const covariance = (sector: string): number => levels.find(({ level }) => level.sector === sector)!.covariance;
  expect(found.reduce((sum, { multiplicity }) => sum + multiplicity, 0)).toBe(4 * 7);
  expect(alone('trivial')[0]!.value).toBeCloseTo(covariance('trivial') + gradientNorm ** 2, 14);
  for (const sector of ['symmetric', 'antisymmetric', 'bulk'])
    expect(alone(sector)[0]!.value).toBeCloseTo(covariance(sector), 14);
  const [a, b, , d] = standard.entries as unknown as [number, number, number, number];
  const root = Math.sqrt((a - d) ** 2 / 4 + b ** 2);
  const unit = Math.exp(logUnit);
  expect(alone('standard').map(({ value }) => value / unit)).toEqual([
    expect.closeTo((a + d) / 2 + root, 12),
    expect.closeTo((a + d) / 2 - root, 12),
  ]);
  expect(alone('standard')[0]!.value).toBeGreaterThan(1.005 * covariance('standard+'));
  found.slice(1).forEach(({ value }, i) => {
    expect(value).toBeLessThanOrEqual(found[i]!.value);
  });
});
