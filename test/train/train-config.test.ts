import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { optimizerRule, optimizers, standardOptimizer } from '../../src/train/optimizer.js';
import { schedules } from '../../src/train/schedule.js';
import { checkTrainConfig, trainDefaults, trainJsonSchema } from '../../src/train/train-config.js';

const check = (part: object) => checkTrainConfig({ ...trainDefaults, ...part });

describe('the schema of a configuration', () => {
  const kinds = optimizers.map(({ name }) => name);

  it.each(kinds)('takes %s with its constants, all of them, in their range, and no others', (kind) => {
    const standard = standardOptimizer(kind);
    expect(check({ optimizer: standard }).optimizer).toEqual(standard);
    expect(() => check({ optimizer: { ...standard, others: 1 } })).toThrow(UsageError);
    for (const name of Object.keys(optimizerRule(kind).constants)) {
      const fewer = Object.fromEntries(Object.entries(standard).filter(([key]) => key !== name));
      expect(() => check({ optimizer: fewer }), name).toThrow(new RegExp(`optimizer\\.${name}`));
      for (const wrong of [-0.1, NaN, 'much']) {
        expect(() => check({ optimizer: { ...standard, [name]: wrong } }), name).toThrow(`optimizer.${name}`);
      }
    }
  });

  it('knows the open and the closed ends of ranges', () => {
    const adam = standardOptimizer('adam');
    expect(check({ optimizer: { ...adam, beta1: 0 } }).optimizer).toMatchObject({ beta1: 0 });
    expect(() => check({ optimizer: { ...adam, beta1: 1 } })).toThrow('optimizer.beta1');
    expect(() => check({ optimizer: { ...adam, epsilon: 0 } })).toThrow('optimizer.epsilon');
    const cosine = { kind: 'cosine', rate: 1e6, last: 0, steps: 1 };
    expect(check({ schedule: cosine }).schedule).toEqual(cosine);
    for (const wrong of [{ rate: 0 }, { rate: 1e7 }, { last: -1 }, { steps: 0 }, { steps: 1.5 }]) {
      expect(() => check({ schedule: { ...cosine, ...wrong } })).toThrow(`schedule.${Object.keys(wrong)[0]!}`);
    }
    expect(() => check({ schedule: { kind: 'warmup', steps: 2, then: cosine } })).toThrow('schedule.kind');
  });

  it('is what editors are told: every rule, and every range', () => {
    const schema = JSON.stringify(trainJsonSchema());
    for (const { name } of [...optimizers, ...schedules]) expect(schema).toContain(`"const":"${name}"`);
    expect(schema).toContain('"beta1":{"type":"number","minimum":0,"exclusiveMaximum":1}');
    expect(schema).toContain('"epsilon":{"type":"number","exclusiveMinimum":0}');
    expect(schema).toContain('"rate":{"type":"number","exclusiveMinimum":0,"maximum":1000000}');
  });
});
