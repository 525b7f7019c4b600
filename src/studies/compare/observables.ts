/** Every observable that is compared, with what it is. W is k×d, B = Σ_a (e_a − 1/k) μ_aᵀ, g the gradient, H the Hessian. */
export const comparedObservables = {
  margin: 'α = ⟨W, B⟩/‖B‖²',
  'W[1,1]': 'weight of class 1 on its own mean',
  'W[2,1]': 'weight of class 2 on the mean of class 1',
  '‖W‖²': 'squared Frobenius norm of W',
  loss: 'training loss',
  rate: 'dα/dt = −⟨g, B⟩/‖B‖²',
  'level of B': '⟨B, HB⟩/‖B‖², on the symmetric line the eigenvalue of the gradient',
  'mean-space level': 'mean of the k(k−1) eigenvalues of H on the mean space: tr(PH)/(k(k−1))',
  'bulk level': 'mean of the (k−1)(d−k) eigenvalues of H outside it: tr((1−P)H)/((k−1)(d−k))',
  'top level': 'mean of the k largest eigenvalues of H',
  f_top: 'f_top(k), the share of the squared gradient in the top k eigenvectors of H',
  'overlap(g,Hg)': '⟨g, Hg⟩/(‖g‖‖Hg‖)',
} as const;

export type ObservableName = keyof typeof comparedObservables;

/** Values by name; what is left out has no value, or no definite one. */
export type Values = Partial<Readonly<Record<ObservableName, number>>>;

export const observableNames = Object.keys(comparedObservables) as ObservableName[];
