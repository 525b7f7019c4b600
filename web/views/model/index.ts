import { createChart } from '../../core/chart.js';
import { element } from '../../core/element.js';
import { view, type Page } from '../../core/view.js';
import { alignmentChart } from './alignment-chart.js';
import { boundaryEvidence } from './boundary-evidence.js';
import { levelsChart } from './levels-chart.js';
import { pointing } from './pointing.js';
import { fitModel, modelControls, modelPresets, type ModelControls, type ModelSettings } from './settings.js';
import { modelSolver } from './solver.js';
import { levelEvidence, stateEvidence, stateReading } from './state-evidence.js';
import './style.css';

export const modelView = view({
  title: 'Does gradient descent happen in a tiny subspace?',
  lead:
    'A classifier of k classes, solved exactly. Its loss curves steeply along a few directions of its weights and hardly along the others. The claim is that the gradient soon lies in the k steepest directions, the “top k”. ' +
    'The thick line is the gradient: while it runs in the shaded part, the claim holds. Move σ, the noise in the data, and see it fail; choose SGD, and see it come back in part.',
  controls: modelControls,
  fit: fitModel,
  open: openModel,
});

function openModel(page: Page<ModelControls>): (settings: ModelSettings) => void {
  const levels = createChart('levels', 'How steep the loss is, by direction', page.left);
  const alignment = createChart('alignment', 'How much of the gradient is in the top k', page.left);
  const answer = element('div', { className: 'model-part model-answer wide', 'aria-live': 'polite' });
  const state = element('div', { className: 'model-part' });
  const boundary = element('div', { className: 'model-part' });
  const parts = element('div', { className: 'model-part wide' });
  page.content.append(presetButtons(page), answer, levels.root, alignment.root, state, boundary, parts);
  for (const { root } of [levels, alignment])
    pointing(root, (x) => {
      page.change(page.settings().against === 'time' ? { times: x } : { margin: x });
    });

  const solve = modelSolver(page.left, {
    onSettings: (missing) => {
      for (const part of [answer, state, parts]) setBusy(part, true);
      setBusy(boundary, missing.boundary === true);
      boundary.hidden = missing.boundary === 'nowhere';
    },
    onPicture: (picture) => {
      levels.show(levelsChart(picture));
      alignment.show(alignmentChart(picture));
    },
    onState: (document, command) => {
      answer.replaceChildren(
        element('h2', {}, 'Here: is the gradient in the tiny subspace?'),
        stateReading(document, command),
      );
      state.replaceChildren(stateEvidence(document, command));
      parts.replaceChildren(levelEvidence(document, command));
      for (const part of [answer, state, parts]) setBusy(part, false);
    },
    onBoundary: (document, command) => {
      boundary.replaceChildren(boundaryEvidence(document, command));
      setBusy(boundary, false);
    },
    onFailure: page.warn,
  });
  return (settings) => {
    showControl('eta-over-b', settings.sgd === 'on');
    showControl('times', settings.against === 'time');
    showControl('margin', settings.against === 'margin');
    solve(settings);
  };
}

function presetButtons(page: Page<ModelControls>): HTMLElement {
  const buttons = modelPresets.map(({ name, settings }) => {
    const button = element('button', { type: 'button' }, name);
    button.addEventListener('click', () => {
      page.change(settings);
    });
    return button;
  });
  return element(
    'div',
    { className: 'model-examples wide', role: 'group', 'aria-label': 'examples' },
    'Begin with',
    ...buttons,
  );
}

/** What is still being solved for other settings is faint, and said to be busy. */
function setBusy(part: HTMLElement, isBusy: boolean): void {
  part.setAttribute('aria-busy', String(isBusy));
}

/** Shows a control only where it does something. */
function showControl(name: keyof ModelControls, isUsed: boolean): void {
  document.getElementById(`control-${name}`)?.closest('.control')?.classList.toggle('unused', !isUsed);
}
