import { describe, it } from 'vitest';
import { exported, holdTopTen } from './exported.js';

describe.each(['resnet18', 'vit'])('%s, exported by PyTorch', (name) => {
  it.each([
    ['f64', 1e-9],
    ['f32', 1e-5],
  ] as const)('has its top ten eigenvalues and f_top(10) in %s, to %f', async (precision, bound) => {
    await holdTopTen(exported(name), precision, bound);
  });
});
