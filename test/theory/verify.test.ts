import { describe, expect, it } from 'vitest';
import { laws, theorems, verify } from '../../theory/index.js';
import { anyStart } from './broken/any-start.js';
import { biases } from './broken/biases.js';
import { collapse } from './broken/collapse.js';
import { finiteNoise } from './broken/finite-noise.js';
import { noiseBoundary } from './broken/noise-boundary.js';
import { noiseSpectrum } from './broken/noise-spectrum.js';
import { noiselessLine } from './broken/noiseless-line.js';
import { observables } from './broken/observables.js';
import { response } from './broken/response.js';
import { sgdNoise } from './broken/sgd-noise.js';
import { snapshots } from './broken/snapshots.js';
import { twoClasses } from './broken/two-classes.js';

/** A broken library each, and a theorem that must notice. */
const mutations = [
  noiselessLine,
  anyStart,
  collapse,
  observables,
  twoClasses,
  biases,
  finiteNoise,
  noiseSpectrum,
  noiseBoundary,
  response,
  sgdNoise,
  snapshots,
].flatMap((family) => Object.entries(family));

describe('verify', () => {
  const document = verify();

  it.each(document.theorems.map((theorem) => [theorem.id, theorem] as const))(
    '%s has its expected verdict',
    (_, theorem) => {
      expect(theorem.evidence).not.toBe('');
      expect(`${theorem.verdict}: ${theorem.evidence}`).toContain(theorem.expected);
      expect(theorem.ok).toBe(true);
    },
  );

  it('has unique identifiers and refutes five statements', () => {
    expect(new Set(theorems.map((theorem) => theorem.id)).size).toBe(theorems.length);
    expect(document.theorems.filter((theorem) => theorem.verdict === 'refuted')).toHaveLength(5);
  });

  it.each(mutations)('notices %s', (_, { broken, caughtBy }) => {
    const theorem = theorems.filter(({ id }) => id === caughtBy);
    expect(theorem).toHaveLength(1);
    expect(verify({ ...laws, ...broken }, theorem).ok).toBe(false);
  });

  it('has a mutation for every theorem', () => {
    const killed = new Set(mutations.map(([, { caughtBy }]) => caughtBy));
    expect(theorems.map((theorem) => theorem.id).filter((id) => !killed.has(id))).toEqual([]);
  });

  it('counts a check that throws as not ok, also where a refutation is expected', () => {
    const broken = {
      printedGradient: (): never => {
        throw new Error('boom');
      },
    };
    const { theorems: verified, ok } = verify({ ...laws, ...broken });
    expect(ok).toBe(false);
    expect(verified.find((theorem) => theorem.id === 'equation-7-as-printed')?.evidence).toBe('the check failed: boom');
  });
});
