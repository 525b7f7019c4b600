import { spectralLifecycleFigure } from '../../../../../figures/spectral-lifecycle.js';
import { experiment } from '../../engine/declare.js';
import { modularDimensions } from '../../shared/modular-dimensions.js';
import { modularRuns } from '../../shared/modular-runs.js';
import { ablation, flattening, halving, inTopSpace, lead, ratioOverSignless, shareAfter } from './findings.js';
import { lifecycleData } from './drawn.js';
import { dyckRuns, lifecyclesOf, type Following } from './runs.js';

const sums = {
  full: { window: 5, effectsEvery: 4, hessianAt: [300, 900, 1500, 2300], seconds: 180 },
  quick: { window: 5, effectsEvery: 4, hessianAt: [80], seconds: 2 },
} as const satisfies Record<string, Following>;

/** Without weight decay, two of these. */
const sumsWithout = { ...sums, full: { ...sums.full, hessianAt: [900, 2300], seconds: 110 } } as const;

const words = {
  full: { window: 3, effectsEvery: 4, hessianAt: [200, 600, 1000, 1600, 2400], seconds: 40 },
  quick: { window: 3, effectsEvery: 4, hessianAt: [80], seconds: 2 },
} as const satisfies Record<string, Following>;

const falls = { kind: 'at least', bound: 2, says: 'from functional to flat' } as const;
const memoryless = { kind: 'at most', bound: 1.2, says: 'as updates without memory' } as const;
const signless =
  'updates without memory: the same with random signs, as far in each coordinate (ours). R over the R of those, median over windows';

/** The spectral edge of attention weights through grokking, with weight decay and without. */
export const spectralLifecycle = experiment({
  id: 'spectral-lifecycle',
  title: 'The lifecycle of a spectral edge, through grokking',
  source: 'The Lifecycle of the Spectral Edge (arXiv:2604.07380)',
  data: null,
  about:
    'A decoder of two blocks (width 64, four heads) learns a + b modulo 97 from half of all sums, and the depth of balanced words at each of their 24 brackets from 8 words; AdamW, η = 0.001, β = (0.9, 0.98), weight decay 1 and, as a control, 0. Updates are differences of weights kept every 50 steps, those of the attention matrices alone; windows hold 5 of them for sums (theirs is not public: ours) and 3 for words. ' +
    'Grokked: a test accuracy of 0.95, as in the paper; before and after: windows that end before that step, and those that begin at it or later. Their networks are wider (128), their words 50 with one label each; ours are few because each has 24 labels. Their number was chosen by pilots; that a run which does not grok is left out, by name, was decided after one of three of words had not, and two more seeds were run then. That g₂₃ has changed when it is half of what it has been is our rule, and all bounds are ours; the rule is also held against runs that never grok, in the row of the control, and where it fires there too, at about the same step, a lead foretells no grokking. ' +
    'The noise law is that of SGD, and the exact model has no attention: neither says anything of AdamW here, so that R is held against a null model of our own. ' +
    'Displacement: mean of ‖h(x; θ + εv) − h(x; θ)‖² over the first 512 training samples (all words), ε = 0.005 ‖θ‖, v₁ over two random directions of attention. Gradient and Hessian are those of the mean training loss; eigenvectors to 3 %, so that the bounds of ‖P₁₀v₁‖² beside its estimate may be wide.',
  work: {
    arxiv: '2604.07380',
    name: 'The Lifecycle of the Spectral Edge',
    definition:
      'Gram matrix of the last W differences of attention weights between checkpoints: R = σ_{k*}/σ_{k*+1}, g₂₃ = σ₂² − σ₃²; parts of gradient and weight decay along the directions, displacement of scores, curvature and ablation as there; when g₂₃ counts as changed, and W for sums, are ours',
    claim: 'the edge changes before grokking; with weight decay it turns from functional to flat',
    headline: 'spectral-lifecycle-flat',
  },
  needs: (scale) => {
    const [decayed, undecayed] = [modularRuns(scale, 1), modularRuns(scale, 0)];
    const [decayedWords, undecayedWords] = [dyckRuns(scale, 1), dyckRuns(scale, 0)];
    return {
      decayed,
      edges: lifecyclesOf(decayed, sums[scale]),
      dimensions: modularDimensions(scale, 1),
      undecayed,
      undecayedEdges: lifecyclesOf(undecayed, sumsWithout[scale]),
      undecayedDimensions: modularDimensions(scale, 0),
      decayedWords,
      wordEdges: lifecyclesOf(decayedWords, words[scale]),
      undecayedWords,
      undecayedWordEdges: lifecyclesOf(undecayedWords, words[scale]),
    };
  },
  claims: (claim) => [
    claim({
      id: 'spectral-lifecycle-lead',
      statement: 'sums, weight decay 1: steps from g₂₃ halved to grokked',
      target: { kind: 'at least', bound: 1, says: 'the edge changes first' },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => lead({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-lead-control',
      statement: 'sums, no weight decay, which never groks: step at which g₂₃ halved',
      target: { kind: 'none' },
      uses: ['undecayed', 'undecayedEdges'],
      measure: ({ undecayed: runs, undecayedEdges: edges }) => halving({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-flat',
      statement: 'sums, weight decay 1: displacement along v₁, before over after',
      target: falls,
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => flattening({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-flat-control',
      statement: 'sums, no weight decay: the same, at the steps of the run with it',
      target: { kind: 'at most', bound: 2, says: 'stays functional' },
      uses: ['decayed', 'undecayed', 'undecayedEdges'],
      measure: ({ decayed: grokked, undecayed: runs, undecayedEdges: edges }) => flattening({ runs, edges, grokked }),
    }),
    claim({
      id: 'spectral-lifecycle-share',
      statement: 'sums, weight decay 1: share of the gradient along v₁ after grokking',
      target: { kind: 'none' },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => shareAfter({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-ablation',
      statement: 'sums, weight decay 1: test accuracy lost at the end without v₁, v₂ and v₃',
      target: { kind: 'none' },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => ablation({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-top',
      statement: 'sums, weight decay 1: ‖P₁₀v₁‖² at the end over 10/parameters',
      target: { kind: 'none' },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => inTopSpace({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-top-control',
      statement: 'sums, no weight decay: the same',
      target: { kind: 'none' },
      uses: ['undecayed', 'undecayedEdges'],
      measure: ({ undecayed: runs, undecayedEdges: edges }) => inTopSpace({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-noise-before',
      statement: 'sums, weight decay 1: R over that with random signs, before grokking',
      target: memoryless,
      explains: { by: 'null model', otherwise: 'not explained', says: `${signless} before grokking` },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => ratioOverSignless('before')({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-noise-after',
      statement: 'sums, weight decay 1: the same, after grokking',
      target: memoryless,
      explains: { by: 'null model', otherwise: 'not explained', says: `${signless} after grokking` },
      uses: ['decayed', 'edges'],
      measure: ({ decayed: runs, edges }) => ratioOverSignless('after')({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-words-lead',
      statement: 'words, weight decay 1: steps from g₂₃ halved to grokked',
      target: { kind: 'at least', bound: 1, says: 'the edge changes first' },
      uses: ['decayedWords', 'wordEdges'],
      measure: ({ decayedWords: runs, wordEdges: edges }) => lead({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-words-flat',
      statement: 'words, weight decay 1: displacement along v₁, before over after',
      target: falls,
      uses: ['decayedWords', 'wordEdges'],
      measure: ({ decayedWords: runs, wordEdges: edges }) => flattening({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-words-flat-control',
      statement: 'words, no weight decay: the same, at the steps of the run with it',
      target: { kind: 'at most', bound: 2, says: 'stays functional' },
      uses: ['decayedWords', 'undecayedWords', 'undecayedWordEdges'],
      measure: ({ decayedWords: grokked, undecayedWords: runs, undecayedWordEdges: edges }) =>
        flattening({ runs, edges, grokked }),
    }),
    claim({
      id: 'spectral-lifecycle-words-share',
      statement: 'words, weight decay 1: share of the gradient along v₁ after grokking',
      target: { kind: 'none' },
      uses: ['decayedWords', 'wordEdges'],
      measure: ({ decayedWords: runs, wordEdges: edges }) => shareAfter({ runs, edges }),
    }),
    claim({
      id: 'spectral-lifecycle-words-top',
      statement: 'words, weight decay 1: ‖P₁₀v₁‖² at the end over 10/parameters',
      target: { kind: 'none' },
      uses: ['decayedWords', 'wordEdges'],
      measure: ({ decayedWords: runs, wordEdges: edges }) => inTopSpace({ runs, edges }),
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'spectral-lifecycle',
      uses: ['decayed', 'edges', 'dimensions', 'undecayed', 'undecayedEdges', 'undecayedDimensions'],
      data: ({ decayed, edges, dimensions, undecayed, undecayedEdges, undecayedDimensions }) =>
        lifecycleData(sums.full.window, [
          { name: 'weight decay 1', run: decayed, lifecycle: edges, dimensions },
          { name: 'no weight decay', run: undecayed, lifecycle: undecayedEdges, dimensions: undecayedDimensions },
        ]),
      draw: spectralLifecycleFigure,
    }),
    figure({
      id: 'spectral-lifecycle-words',
      uses: ['decayedWords', 'wordEdges', 'undecayedWords', 'undecayedWordEdges'],
      data: ({ decayedWords, wordEdges, undecayedWords, undecayedWordEdges }) =>
        lifecycleData(words.full.window, [
          { name: 'weight decay 1', run: decayedWords, lifecycle: wordEdges },
          { name: 'no weight decay', run: undecayedWords, lifecycle: undecayedWordEdges },
        ]),
      draw: spectralLifecycleFigure,
    }),
  ],
});
