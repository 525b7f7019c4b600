import { federatedFigure } from '../../../../../figures/federated.js';
import { experiment } from '../../engine/declare.js';
import { fewImageRuns } from '../../shared/few-images.js';
import { cosine, early, fromCancelling, fromSamplingLaw, late } from './across-clients.js';
import { fromLaw, notForgotten, sentLastShare, sentTopShare, shareSent } from './along-time.js';
import { againstRandom, kept, topAtStart } from './compression.js';
import { lineCosineDeviation, restDeviation } from './exact-model.js';
import {
  clientBatch,
  clients,
  compressed,
  compressedTasks,
  cosineDeals,
  cosineTasks,
  dimension,
  lineCosineTasks,
  repeats,
  restTasks,
  sentTasks,
} from './tasks.js';

const costsLittle = { kind: 'at least', bound: 0.8, says: 'costs little' } as const;
const mostlyIn = { kind: 'at least', bound: 0.5, says: 'most of it' } as const;

/** Correlations of gradients along time and across clients, and what compression by them costs. */
export const federated = experiment({
  id: 'federated',
  title: 'Correlated gradients of federated learning, and what compressing to them costs',
  source: 'arXiv:2604.14751; metrics ours',
  data: 'mnist',
  about:
    `FC 2×100 on 2000 images dealt to ${clients} clients, at random or one class to each; a round is a batch of ${clientBatch} from every client, η = 0.1. The formulas of the work's metrics were not found: all numbers are by definitions of ours. ` +
    `**Along time**: the share of the gradient sent in round t + τ, τ = 1 … 32, in the top ${dimension} Hessian eigenvectors of round t, and in the span of the ${dimension} gradients sent before it, late in training (step 400). **Across clients**: the mean cosine between the gradients of clients, each of all its images, early (step 20) and late, where images are dealt at random the mean over ${cosineDeals} deals. ` +
    `**Compression**: in ${compressed.rounds} rounds from step 20 on, clients send all in the first ${dimension} of each ${compressed.cycle}, and in the others only the projection on ${dimension} dimensions, which are new after each ${dimension} whole rounds; the decrease of the loss over that without compression. ` +
    'The noise law predicts the shares and the correlation ⟨g_t, g_{t+τ}⟩/‖g_t‖² = Σ g_i² (1 − ηλ_i)^τ/‖g_t‖² from the eigenvalues, the gradient and the covariance C of single samples’ gradients at round t, and the cosine of randomly dealt clients from ‖g‖² and Tr C. ' +
    `The rounds after t are drawn ${repeats.random} times (with one class each, ${repeats['by class']}). That many, and more than one deal, came after a look at fewer, which had left the rows of the noise law to chance; bounds were not moved. ` +
    'In the exact model at rest (k = 3, d = 8, σ = 0.4, η = 10, batch 640) all of it is in closed form, and on its symmetric line (k = 10, σ = 0.3) so is the cosine of clients with one class each: 0 at first, −1/(k − 1) at the optimum, where their gradients cancel. Bounds are ours.',
  work: {
    arxiv: '2604.14751',
    name: 'Correlations of gradients in federated learning',
    definition:
      'decrease of the loss when clients send only the projection on the span of the last 10 gradients, over that without compression',
    isOurDefinition: true,
    claim: 'gradients are correlated along time and across clients, so that they can be compressed to what they share',
    headline: 'federated-compressed-last',
  },
  needs: (scale) => ({
    runs: fewImageRuns(scale),
    sent: sentTasks('random', scale),
    sentByClass: sentTasks('by class', scale),
    cosines: cosineTasks(scale),
    rounds: compressedTasks('random', scale),
    roundsByClass: compressedTasks('by class', scale),
    rest: restTasks(scale),
    line: lineCosineTasks(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'federated-compressed-last',
      statement: 'sent in the span of the last 10 gradients: decrease of the loss over that without compression',
      target: costsLittle,
      uses: ['runs', 'rounds'],
      measure: kept('last', againstRandom),
    }),
    claim({
      id: 'federated-compressed-top',
      statement: 'sent in the top 10 eigenvectors: the same',
      target: costsLittle,
      uses: ['runs', 'rounds'],
      measure: kept('top', topAtStart),
    }),
    claim({
      id: 'federated-compressed-random',
      statement: 'sent in 10 random dimensions: the same',
      target: { kind: 'none' },
      uses: ['runs', 'rounds'],
      measure: kept('random'),
    }),
    claim({
      id: 'federated-compressed-last-by-class',
      statement: 'one class a client, span of the last 10 gradients: the same',
      target: costsLittle,
      uses: ['runs', 'roundsByClass'],
      measure: ({ runs, roundsByClass: rounds }) => kept('last', againstRandom)({ runs, rounds }),
    }),
    claim({
      id: 'federated-compressed-top-by-class',
      statement: 'one class a client, top 10 eigenvectors: the same',
      target: costsLittle,
      uses: ['runs', 'roundsByClass'],
      measure: ({ runs, roundsByClass: rounds }) => kept('top', topAtStart)({ runs, rounds }),
    }),
    claim({
      id: 'federated-time-top',
      statement: 'share of later sent gradients in the top 10 eigenvectors',
      target: mostlyIn,
      uses: ['runs', 'sent'],
      measure: shareSent(sentTopShare),
    }),
    claim({
      id: 'federated-time-last',
      statement: 'share of later sent gradients in the span of the last 10',
      target: mostlyIn,
      uses: ['runs', 'sent'],
      measure: (found) => ({ ...shareSent(sentLastShare)(found), reason: notForgotten(found.sent) }),
    }),
    claim({
      id: 'federated-time-top-by-class',
      statement: 'one class a client: share in the top 10 eigenvectors',
      target: mostlyIn,
      uses: ['runs', 'sentByClass'],
      measure: ({ runs, sentByClass: sent }) => shareSent(sentTopShare)({ runs, sent }),
    }),
    claim({
      id: 'federated-time-last-by-class',
      statement: 'one class a client: share in the span of the last 10',
      target: mostlyIn,
      uses: ['runs', 'sentByClass'],
      measure: ({ runs, sentByClass: sent }) => ({
        ...shareSent(sentLastShare)({ runs, sent }),
        reason: notForgotten(sent),
      }),
    }),
    claim({
      id: 'federated-law-share',
      statement: 'share of sent gradients in the top space: largest deviation from the law over τ',
      target: { kind: 'at most', bound: 0.1, says: 'as predicted' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'E‖Pĝ‖² = E‖Pg‖² + Tr(PC)/B with E‖Pg‖² relaxing from round t, no number fitted',
      },
      uses: ['runs', 'sent'],
      measure: fromLaw(
        ({ sentTop }) => sentTop,
        ({ predicted }) => predicted.sentTop,
      ),
    }),
    claim({
      id: 'federated-law-correlation',
      statement: '⟨g_t, g_{t+τ}⟩/‖g_t‖² of the full gradient: largest deviation from the law over τ',
      target: { kind: 'at most', bound: 0.15, says: 'as predicted' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'each eigenvector forgets its part of the gradient as (1 − ηλ_i)^τ, no number fitted',
      },
      uses: ['runs', 'sent'],
      measure: fromLaw(
        ({ correlation }) => correlation,
        ({ predicted }) => predicted.correlation,
      ),
    }),
    claim({
      id: 'federated-clients-random-early',
      statement: 'cosine between clients with random images, early',
      target: { kind: 'at least', bound: 0.5, says: 'alike' },
      uses: ['runs', 'cosines'],
      measure: cosine('random', early),
    }),
    claim({
      id: 'federated-clients-random-late',
      statement: 'the same late',
      target: { kind: 'none' },
      uses: ['runs', 'cosines'],
      measure: cosine('random', late),
    }),
    claim({
      id: 'federated-clients-class-early',
      statement: 'cosine between clients with one class each, early',
      target: { kind: 'at most', bound: 0, says: 'opposed' },
      uses: ['runs', 'cosines'],
      measure: cosine('byClass', early),
    }),
    claim({
      id: 'federated-clients-class-late',
      statement: 'the same late',
      target: { kind: 'at most', bound: 0, says: 'opposed' },
      uses: ['runs', 'cosines'],
      measure: cosine('byClass', late),
    }),
    claim({
      id: 'federated-clients-law',
      statement: 'cosine between clients with random images: largest deviation from the prediction',
      target: { kind: 'at most', bound: 0.05, says: 'as predicted' },
      explains: {
        by: 'noise law',
        otherwise: 'not explained',
        says: 'clients differ by sampling alone: the cosine from ‖g‖² and Tr C, no number fitted',
      },
      uses: ['runs', 'cosines'],
      measure: fromSamplingLaw,
    }),
    claim({
      id: 'federated-clients-cancel',
      statement: 'clients with one class each, late: cosine less −1/(N − 1), absolute',
      target: { kind: 'at most', bound: 0.03, says: 'gradients cancel' },
      explains: {
        by: 'exact model',
        otherwise: 'not explained',
        says: 'at the optimum of the model the gradients of the classes cancel, and their mean cosine is −1/(k − 1); at first it is 0, which the early network does not show',
      },
      uses: ['runs', 'cosines'],
      measure: fromCancelling,
    }),
    claim({
      id: 'federated-model-time',
      statement: 'exact model at rest: largest deviation of correlation and top share, in standard errors',
      target: { kind: 'at most', bound: 3.5, says: 'as predicted' },
      explains: {
        by: 'noise law',
        otherwise: 'contradicted',
        says: 'stationary energies s_i ∝ λ_i²/(2 − ηλ_i), forgotten as (1 − ηλ_i)^τ; the share of the top space is the same for all τ',
      },
      uses: ['rest'],
      measure: restDeviation,
    }),
    claim({
      id: 'federated-model-clients',
      statement: 'exact model, one class a client: largest deviation of the cosine from closed form',
      target: { kind: 'at most', bound: 0.02, says: 'as predicted' },
      explains: {
        by: 'exact model',
        otherwise: 'contradicted',
        says: 'G_c in closed form on W = αB, by Stein’s lemma: cosine 0 at α = 0, −1/(k − 1) at α*',
      },
      uses: ['line'],
      measure: lineCosineDeviation,
    }),
  ],
  figures: (figure) => [
    figure({
      id: 'federated',
      uses: ['sent', 'rounds'],
      data: ({ sent, rounds }) => ({
        sent,
        rounds,
        every: 10,
        about: `FC 2×100 on 2000 images of MNIST, ${clients} clients with random images`,
      }),
      draw: federatedFigure,
    }),
  ],
});
