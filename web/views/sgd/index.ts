import { createChart } from '../../core/chart.js';
import { element } from '../../core/element.js';
import { view } from '../../core/view.js';
import type { DescentMethod } from '../../../src/studies/simulate/descent-config.js';
import { short } from '../../../src/numeric/short-number.js';
import { shareChart, gradientChart, lossChart, type Drawn } from './charts.js';
import { sgdControls as controls, fit, methodNames, type SgdSettings } from './controls.js';
import type { ExpectedRun, LivePoint } from './messages.js';
import { networkSection } from './network-section.js';
import { presets } from './presets.js';
import { lawsOf, proofOf } from './proof.js';
import { training } from './training.js';

/** Settings that may change while it trains. */
const changeable = ['method', 'lr', 'batch'] as const;
const fixedPart = (settings: SgdSettings): string =>
  JSON.stringify(Object.entries(settings).filter(([name]) => !(changeable as readonly string[]).includes(name)));

export const sgdView = view({
  title: 'SGD, live against theory',
  lead:
    'A classifier is trained before your eyes, and at every dot it is measured how much of the gradient lies in the k sharpest directions of the loss. ' +
    'Over it lies what the exact theory says: first all of it, then nothing, and in the end much of it again, because the noise of SGD has outlived the gradient that learns.',
  controls,
  fit,
  open({ content, settings, change, warn, left }) {
    let traces = new Map<DescentMethod, readonly LivePoint[]>();
    let queue: DescentMethod[] = [];
    let beforeQuench: DescentMethod = 'sgd';
    let shownSettings = settings();
    let [restart, playNext, isFirst] = [false, false, true];

    const runs = training(shownSettings, {
      left,
      onFailure: warn,
      onChange: () => {
        drawSoon();
        followQueue();
      },
    });

    const button = (text: string, key: string, press: () => void): HTMLButtonElement => {
      const made = element('button', { type: 'button', 'aria-keyshortcuts': key }, `${text} (${key})`);
      made.addEventListener('click', press);
      return made;
    };
    const follow = (method: DescentMethod): void => {
      queue = [];
      if (runs.isDone()) {
        playNext = true;
        again({ method });
      } else change({ method });
    };
    /** Begins anew, with other settings if there are such. */
    const again = (changed: Partial<SgdSettings> = {}): void => {
      restart = true;
      change(changed);
    };
    const toggle = (): void => {
      if (runs.isPlaying()) runs.pause();
      else if (runs.isDone()) {
        again();
        playNext = true;
      } else runs.play();
    };
    const quench = (): void => {
      const { method } = settings();
      if (method !== 'gd') beforeQuench = method;
      follow(method === 'gd' ? beforeQuench : 'gd');
    };
    const actions: readonly (readonly [text: string, key: string, press: () => void])[] = [
      ['play', 'p', toggle],
      ['step', 's', () => { runs.step(); }], // prettier-ignore
      ['begin anew', 'r', () => { queue = []; again(); }], // prettier-ignore
      ['quench', 'q', quench],
      ...(Object.keys(methodNames) as DescentMethod[]).map(
        (method, i) => [methodNames[method], String(i + 1), () => { follow(method); }] as const, // prettier-ignore
      ),
    ];
    const buttons = actions.map(([text, key, press]) => button(text, key, press));
    const [playButton, , , quenchButton, ...methodButtons] = buttons as [HTMLButtonElement, ...HTMLButtonElement[]];
    document.addEventListener(
      'keydown',
      (event) => {
        const isTyping =
          event.target instanceof HTMLElement && event.target.matches('input[type=text], select, textarea');
        if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
        const action = actions.find(([, key]) => key === event.key.toLowerCase());
        if (action !== undefined && (!event.repeat || action[1] === 's')) action[2](); // a key that is held down asks once
      },
      { signal: left },
    );
    const presetButtons = presets.map(({ name, help, settings: chosen, then = [] }) => {
      const made = element('button', { type: 'button', title: help }, name);
      made.addEventListener('click', () => {
        queue = [...then];
        traces = new Map();
        playNext = true;
        again(chosen);
      });
      return made;
    });
    const state = element('p', { className: 'state' });
    const proof = element('div');
    const laws = element('div');
    let lawsShown: ExpectedRun | undefined;
    let frame: number | undefined;
    const charts = [
      createChart('sgd-f-top', 'The share of the gradient in the top space', left),
      createChart('sgd-gradient', 'The squared gradient', left),
      createChart('sgd-loss', 'The loss: who learns', left),
    ] as const;
    content.append(
      element(
        'div',
        { className: 'wide' },
        element('div', { className: 'tools', role: 'group', 'aria-label': 'settings to begin with' }, ...presetButtons),
        element('div', { className: 'tools', role: 'group', 'aria-label': 'training' }, ...buttons),
        state,
      ),
      ...charts.map(({ root }) => root),
      proof,
      laws,
      networkSection(settings, left),
    );

    /** Once a run of a preset has ended, the next of its methods. */
    function followQueue(): void {
      if (!runs.isDone() || queue.length === 0) return;
      const [method, ...rest] = queue;
      queue = rest;
      playNext = true;
      again({ method: method! });
    }

    /** What comes within a frame is drawn once. */
    function drawSoon(): void {
      frame ??= requestAnimationFrame(draw);
    }
    left.addEventListener('abort', () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
    });

    function draw(): void {
      frame = undefined;
      const [plan, points, expected] = [runs.plan(), runs.points(), runs.expected()];
      const { method, learningRate, batch } = plan.changes.at(-1)!.setting;
      const last = points.at(-1);
      if (runs.isDone() && plan.changes.length === 1) traces.set(method, [...points]);
      const drawn: Drawn = { plan, points, expected, traces };
      charts[0].show(shareChart(drawn));
      charts[1].show(gradientChart(drawn));
      charts[2].show(lossChart(drawn));
      playButton.textContent = `${runs.isPlaying() ? 'pause' : 'play'} (p)`;
      quenchButton!.textContent = `${method === 'gd' ? 'noise on again' : 'quench: noise off'} (q)`;
      methodButtons.forEach((made, i) => {
        made.setAttribute('aria-pressed', String(Object.keys(methodNames)[i] === method));
      });
      const where = last === undefined ? 'Before the first step' : `Step ${last.step}, margin ${short(last.margin, 3)}`;
      const law =
        expected === undefined
          ? 'the prediction is being computed'
          : expected.why !== ''
            ? `no prediction from here: ${expected.why}`
            : 'the prediction follows every change of the settings';
      state.textContent = `${where}. ${methodNames[method]}, η = ${learningRate}${method === 'gd' ? '' : `, b = ${batch}`}: ${law}.`;
      if (expected !== undefined && expected !== lawsShown) laws.replaceChildren(lawsOf(plan, expected));
      lawsShown = expected ?? lawsShown;
      if (runs.isPlaying() || last === undefined) proof.replaceChildren();
      else if (proof.dataset.of !== JSON.stringify([plan, last.step, expected?.noisy.length]))
        proof.replaceChildren(proofOf(plan, last, expected));
      proof.dataset.of = runs.isPlaying() ? '' : JSON.stringify([plan, last?.step, expected?.noisy.length]);
    }

    return (next) => {
      const isSame = fixedPart(next) === fixedPart(shownSettings);
      const isChanged = changeable.some((name) => next[name] !== shownSettings[name]);
      const onlyMethod = changeable.every((name) => name === 'method' || next[name] === shownSettings[name]);
      if (!isSame || (isChanged && !onlyMethod)) traces = new Map();
      if (!isSame && !restart) queue = [];
      shownSettings = next;
      if (restart || !isSame || (isChanged && (runs.isDone() || runs.points().length === 0))) runs.reset(next);
      else if (isChanged) runs.change(next);
      else drawSoon();
      if (playNext || isFirst) runs.play();
      [restart, playNext, isFirst] = [false, false, false];
    };
  },
});
