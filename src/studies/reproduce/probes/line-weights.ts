interface Shape {
  readonly classes: number;
  readonly dim: number;
}

/** W = αB, [classes, dim], the means being the first k features: B = 1 − 1/k on them. */
export const lineWeights = (shape: Shape, margin: number): Float64Array => onMeans(shape, (entry) => margin * entry);

/** The Bayes classifier W = B/σ², where the flow ends. */
export const bayesWeights = ({ noise, ...shape }: Shape & { readonly noise: number }): Float64Array =>
  onMeans(shape, (entry) => entry / noise ** 2);

function onMeans({ classes: k, dim }: Shape, of: (entry: number) => number): Float64Array {
  return Float64Array.from({ length: k * dim }, (_, i) =>
    i % dim < k ? of((Math.floor(i / dim) === i % dim ? 1 : 0) - 1 / k) : 0,
  );
}
