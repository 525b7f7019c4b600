import { describe, expect, it } from 'vitest';
import { laws, theorems, verify } from '../../theory/index.js';
import { wrongLaws } from '../../theory/broken/index.js';

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

  it.each(wrongLaws)('notices %s', (_, { broken, caughtBy }) => {
    const theorem = theorems.filter(({ id }) => id === caughtBy);
    expect(theorem).toHaveLength(1);
    expect(verify({ ...laws, ...broken }, theorem).ok).toBe(false);
  });

  it('has a mutation for every theorem', () => {
    const killed = new Set(wrongLaws.map(([, { caughtBy }]) => caughtBy));
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
