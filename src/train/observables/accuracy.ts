import { z } from 'zod';
import { observable } from './observable.js';

const share = z.number().min(0).max(1).nullable();

export const accuracyObservable = observable({
  id: 'accuracy',
  meaning: 'share of all training samples whose class has the largest score; null for a regression',
  unit: '1',
  needs: ['accuracy'],
  schema: share,
  compute: (measured) => measured.accuracy,
  columns: { accuracy: { heading: 'accuracy', digits: 4, isShown: true, of: (record) => record.accuracy } },
});

export const testAccuracyObservable = observable({
  id: 'testAccuracy',
  meaning:
    'share of the test samples whose class has the largest score; null for a regression, or where the data have no test split',
  unit: '1',
  needs: ['testAccuracy'],
  schema: share,
  compute: (measured) => measured.testAccuracy,
  columns: { testAccuracy: { heading: 'test', digits: 4, isShown: true, of: (record) => record.testAccuracy } },
});
