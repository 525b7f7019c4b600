import { describe, expect, it } from 'vitest';
import { parseDataSource } from '../../src/data/data-source.js';
import { UsageError } from '../../src/errors.js';

describe('parseDataSource', () => {
  it('reads the names of data sets', () => {
    expect(parseDataSource('mnist')).toEqual({ kind: 'mnist' });
    expect(parseDataSource('cifar10')).toEqual({ kind: 'cifar10' });
    expect(parseDataSource('sine')).toEqual({ kind: 'sine', samples: 1000 });
    expect(parseDataSource('sine:250')).toEqual({ kind: 'sine', samples: 250 });
    const mixture = { kind: 'mixture', classes: 3, dim: 10, noise: 0.2, samples: 1000 };
    expect(parseDataSource('mixture:3,10,0.2,1000')).toEqual(mixture);
    expect(parseDataSource('mixture:3,10,2e-1,1000')).toEqual(mixture);
  });

  it('refuses everything else, and says what there is', () => {
    for (const text of [
      '',
      'MNIST',
      'mnist:5',
      'sine:',
      'sine:x',
      'sine:-1',
      'mixture',
      'mixture:3,10,0.2',
      ' mnist',
    ]) {
      expect(() => parseDataSource(text)).toThrow(UsageError);
      expect(() => parseDataSource(text)).toThrow(
        /is no data set; legal are mnist, cifar10\[:DIR\], mixture:K,D,SIGMA,N/,
      );
    }
  });
});
