/**
 * The revision of training: part of every run folder and of the key of every cached run, so that an older run is refused as another and never
 * continued or read as the same. Count it up with every change after which the same configuration gives other records: another order of sums,
 * another draw, another stopping rule, another definition of a recorded quantity. A new observable beside the others does not change it.
 */
export const trainingRevision = 3;
