import { describe, expect, it } from 'vitest';
import { inLockstep, type JointOperators, type JointRequest } from '../../src/numeric/kernels/joint-operators.js';
import { blockLanczos, blockLanczosAsync } from '../../src/numeric/lanczos/block-lanczos.js';

/** diag(scale, scale/2, scale/3, …). */
const diagonal = (scale: number, dimension: number) => ({
  dimension,
  apply: (block: ArrayLike<number>, columns: number) =>
    Float64Array.from({ length: columns * dimension }, (_, at) => (scale / (1 + (at % dimension))) * block[at]!),
});
const scales = [3, 1, 7];
const alone = scales.map((scale, i) => diagonal(scale, 12 + 9 * i));

function counted(fail?: (requests: readonly JointRequest[]) => boolean) {
  const asked: number[][] = [];
  const joint: JointOperators = {
    dimensions: alone.map(({ dimension }) => dimension),
    async apply(requests) {
      asked.push(requests.map(({ operator }) => operator));
      await Promise.resolve();
      if (fail?.(requests) === true) throw new Error('on purpose');
      return requests.map(({ operator, block, columns }) => alone[operator]!.apply(block, columns));
    },
  };
  return { joint, asked };
}
const options = { count: 3, blockSize: 1, tolerance: 1e-10 };

describe('work on several operators in lockstep', () => {
  it('gives what each gives alone, and asks together as long as all go on', async () => {
    const { joint, asked } = counted();
    const found = await inLockstep(joint, (operator) => blockLanczosAsync(operator, options));
    found.forEach(({ values, products }, i) => {
      const expected = blockLanczos(alone[i]!, options);
      expect([...values]).toEqual([...expected.values]);
      expect(products).toBe(expected.products);
    });
    const least = Math.min(...scales.map((_, i) => asked.filter((operators) => operators.includes(i)).length));
    expect(asked.filter((operators) => operators.length === 3)).toHaveLength(least);
    expect(asked.slice(0, least).every((operators) => operators.length === 3)).toBe(true);
  });

  it('rejects with the first failure of a product or of a work, and lets nobody wait', async () => {
    let calls = 0;
    const { joint } = counted(() => ++calls === 4);
    await expect(inLockstep(joint, (operator) => blockLanczosAsync(operator, options))).rejects.toThrow('on purpose');
    const { joint: sound, asked } = counted();
    await expect(
      inLockstep(sound, async (operator, i) => {
        if (i === 1) throw new Error('gave up');
        return blockLanczosAsync(operator, options);
      }),
    ).rejects.toThrow('gave up');
    expect(asked.length).toBeLessThan(3);
  });

  it('has nothing to do without operators', async () => {
    const none: JointOperators = { dimensions: [], apply: () => Promise.reject(new Error('nothing was asked for')) };
    expect(await inLockstep(none, () => Promise.resolve(1))).toEqual([]);
  });
});
