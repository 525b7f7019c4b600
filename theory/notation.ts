/** A symbol of the formulas. */
export interface Notation {
  /** As it is written in statements. */
  readonly symbol: string;
  /** What it stands for. */
  readonly meaning: string;
  /** Its name in the library, – where it has none. */
  readonly name: string;
}

const rows: readonly (readonly [symbol: string, meaning: string, name: string])[] = [
  ['E, x ~ P', 'expectation; x has the law P', '–'],
  ['L, y', 'loss −E log p_y; true class', '`loss`'],
  ['[s = t], 1', '1 where s = t, else 0; vector of ones, or identity', '–'],
  ['λ̂, error', 'a number of the library; the error that it states', '`value`, `error`'],
  ['k, d', 'classes, input features', '`classes`, `dim`'],
  ['μ_a', 'mean of class a; orthonormal unless said', '`means`'],
  ['W', 'weights, k×d, rows are classes; index order (class, feature)', '`weights`, `initial`'],
  ['t', "flow time (the paper's ηt)", '`time`'],
  ['η', 'learning rate; with an index, or with a = ασ, a standard normal variable (see ξ)', '`learningRate`, `--lr`'],
  ['w = W μ_a', "logits of class a's input", 'column a of `weights` on the mean space'],
  [
    'p, p_c, p_a',
    'softmax(w); its entries, that of the true class a; p_0 and p_1 those of the true class and of another',
    '`probabilities`',
  ],
  ['ε = 1 − p_a', 'probability given to the wrong classes', '`error`, `errors`'],
  ['c, c′', 'classes; c ≠ a is a wrong one', '–'],
  ['B', 'Σ_a (e_a − 1/k) μ_aᵀ, the symmetric direction; e_a a unit vector', '–'],
  ['α', 'margin: W = αB', '`margin`'],
  ['ω', 'odds (1−ε)/ε = e^α/(k−1), the Wright omega function of t', '–'],
  [
    'q_c, Q, s',
    'e^{w_c(0)} of a wrong class, e^{w_a(0)} of the true one; the clock of a class of inputs',
    '`logRatios` = w_c − w_a, `logClock` = log Qs',
  ],
  ['S, S_a', 'diag(p) − ppᵀ; that of the inputs of class a', '–'],
  ['G, g', 'gradient of the loss, as a matrix and as a vector; g_i its component along v_i', '`gradient`'],
  ['H', 'Hessian of the loss', '`hessian`, a `SymmetricOperator`'],
  [
    'λ_i(H), v_i',
    'the i-th eigenvalue of H from above, λ_i in short where no level is meant; its unit eigenvector',
    '`spectrum`',
  ],
  ['λ₁, λ₂', 'gradient level, mini-bulk level of the symmetric line without noise', 'sectors `gradient`, `mini-bulk`'],
  ['σ, ξ, η_c', 'noise of a feature; standard normal vector; its components along the means', '`noise`'],
  ['α* = 1/σ²', 'the Bayes-optimal margin', '`optimalMargin`, `relativeMargin` = α/α*'],
  ['ρ', 'inner product of two means', '`correlation`, `--rho`'],
  ['Ω', 'E(1 − ‖p‖²)/(k−1), the unit of the levels', '`ratio` = λ/Ω, `logUnit` = log Ω'],
  ['Ψ(t)', 'E exp(−e^{t + aη}), a = ασ', '`lognormalLaplace`'],
  [
    'λ_s, n_s',
    'level and dimension of sector s: trivial, standard± (std±), symmetric, antisymmetric, bulk',
    'sectors `trivial`, `standard+`, …',
  ],
  ['α_c', 'where λ_trivial is crossed from below', '`marginCritical`'],
  [
    'δ, δ_s',
    'standard deviation of the entries of W(0); W(0) itself where it is small, and its part in sector s',
    '`delta`',
  ],
  ['m', 'dimension of the subspace looked at; k unless said; batches of an epoch, n/b', '`subspace`, `--subspace`'],
  ['P_m, V_m', 'projector on the top m eigenvectors of H; their span', '–'],
  ['f_top(m)', '‖P_m g‖²/‖g‖², an interval where m cuts a level', '`topFraction`'],
  ['overlap(V, V′)', 'Tr(P P′)/m', '`subspaceOverlap`'],
  ['overlap(g, Hg)', 'gᵀHg/(‖g‖‖Hg‖)', '`gradientHessianOverlap`'],
  ['b, μ', 'batch size; momentum of the heavy ball (no index)', '`batch`, `momentum`'],
  ['ζ, C', "noise of a batch's gradient; C/b its covariance, C that of one sample", '`standard`'],
  ['c', 'vᵀCv, v a unit eigenvector of H; in the law of small noise α/α*', '`covariance`'],
  ['δ, Σ, v', 'what SGD adds to the weights; its covariance, that along v; not the δ above', '`variance`'],
  ['φ', "squared length of the mean of g in a level, the flow's energy", '`flow`'],
  ['f_noise(m)', 'f_top(m) of stationary noise alone', '`stationary`'],
  ['n', 'samples of a finite data set; steps, as an index', '`samples`'],
];

/** What the formulas of the theorems are written in: the table of README.md, and of the appendix that `theorems` prints. */
export const notation: readonly Notation[] = rows.map(([symbol, meaning, name]) => ({ symbol, meaning, name }));
