import * as Plot from '@observablehq/plot';
import { createChart, type ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { element } from '../../core/element.js';
import { evidence, shown } from '../../core/numbers.js';
import { task } from '../../core/task.js';
import { recordedSteps, type SgdSettings } from './controls.js';
import { digitsOf, side } from './digits.js';
import type { NetworkPoint, NetworkRequest } from './network-run.js';
import type { NetworkStep } from './network.worker.js';
import { servedDigits } from './served-digits.js';

const hidden = 12;
const samplesOf = { mixture: 600, digits: 1000 } as const;

/** The same measurement on a small network, on the mixture or on digits: the runtime is loaded when it is first asked for. */
export function networkSection(settings: () => SgdSettings, left: AbortSignal): HTMLElement {
  const worker = task<NetworkStep, NetworkPoint>(
    () => new Worker(new URL('./network.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  const said = element('p', { className: 'help', role: 'status' });
  const proof = element('div');
  const chart = createChart('sgd-network', 'The same for a small network', left);
  chart.root.hidden = true;
  const pause = element('button', { type: 'button', hidden: true }, 'pause the network');
  let run: NetworkProgress | undefined;

  const next = (asked: NetworkStep): void => {
    const own = run!;
    own.isWaiting = true;
    worker.run(
      asked,
      (point) => {
        own.points.push(point);
        said.textContent = `step ${point.step}: loss ${point.loss.toPrecision(4)}, accuracy ${(100 * point.accuracy).toFixed(1)} %`;
        chart.root.hidden = false;
        chart.show(contentOf(own));
      },
      (failure) => {
        own.isWaiting = false;
        const isDone = failure !== undefined || own.points.length === own.request.recorded.length;
        pause.hidden = isDone;
        if (failure !== undefined) said.textContent = `the network cannot be trained: ${failure}`;
        else if (isDone) proof.replaceChildren(...proofOf(own));
        else if (!own.isPaused) next('next');
      },
    );
  };
  const train = (data: NetworkRequest['data']): void => {
    const { lr, batch, seed } = settings();
    const recorded = [0, ...recordedSteps(data.kind === 'digits' ? 300 : 100).filter((_, i) => i % 4 === 0)];
    const request = { data, samples: samplesOf[data.kind], hidden, learningRate: lr, batch, seed, recorded };
    worker.cancel();
    run = { request, points: [], isPaused: false, isWaiting: false };
    chart.root.hidden = true;
    said.textContent = 'the runtime for networks is being loaded …';
    proof.replaceChildren();
    pause.hidden = false;
    pause.textContent = 'pause the network';
    next({ begin: request, runtime: new URL('./runtime/', document.baseURI).href });
  };
  pause.addEventListener('click', () => {
    if (run === undefined) return;
    run.isPaused = !run.isPaused;
    pause.textContent = run.isPaused ? 'go on with the network' : 'pause the network';
    if (!run.isPaused && !run.isWaiting) next('next');
  });
  const onMixture = element('button', { type: 'button' }, 'train a network on this mixture');
  onMixture.addEventListener('click', () => {
    const { classes, dim, noise } = settings();
    train({ kind: 'mixture', classes, dim, noise });
  });
  const files = element('input', { type: 'file', multiple: true, id: 'sgd-digits' });
  let asked = 0;
  /** The latest that was asked for is trained on, whichever is there first. */
  const taken = (list: Promise<readonly File[]>): void => {
    const own = ++asked;
    void list
      .then(digitsOf)
      .then((digits) => {
        if (own === asked && !left.aborted) train({ kind: 'digits', ...digits });
      })
      .catch((error: unknown) => {
        if (own === asked) said.textContent = error instanceof Error ? error.message : String(error);
      });
  };
  const here = element('button', { type: 'button' }, 'train on the MNIST digits that are here');
  here.addEventListener('click', () => {
    said.textContent = 'the digits are being fetched …';
    taken(servedDigits(left));
  });
  files.addEventListener('change', () => {
    taken(Promise.resolve([...(files.files ?? [])]));
    files.value = ''; // the same files may be chosen once more
  });
  const root = element(
    'section',
    { className: 'wide', 'aria-label': 'a small network' },
    element('h2', {}, 'No closed form: a small network'),
    element('p', { className: 'help' }, `One hidden layer of ${hidden} units, learning rate and batch as above; the gradient is that of all samples: ${samplesOf.mixture} of the mixture, or the first ${samplesOf.digits} digits of MNIST, shrunk from 28 × 28 pixels to ${side} × ${side} so that each point takes about a second. Drop or choose the files of images and labels, gzipped or not. The runtime for it, 14 MB, is loaded when it is first asked for.`), // prettier-ignore
    element('div', { className: 'tools' }, onMixture, here, pause),
    element('p', {}, element('label', { htmlFor: 'sgd-digits' }, 'MNIST files '), files),
    said,
    chart.root,
    proof,
  );
  root.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    taken(Promise.resolve([...(event.dataTransfer?.files ?? [])]));
  });
  return root;
}

/** A run of the network under way. */
interface NetworkProgress {
  readonly request: NetworkRequest;
  readonly points: NetworkPoint[];
  isPaused: boolean;
  isWaiting: boolean;
}

const classesOf = ({ data }: NetworkRequest): number => (data.kind === 'digits' ? 10 : data.classes);

function contentOf({ request, points }: NetworkProgress): ChartContent {
  const [k, last] = [classesOf(request), request.recorded.at(-1)!];
  const shifted = { x: (p: NetworkPoint) => Math.max(0.7, p.step) };
  return {
    caption: `f_top(${k}) of the gradient of all samples while the network trains; bars where the cut after ${k} eigenvalues is not certain; step 0 stands at the left end. There is no exact curve for it: what is exact above is measured here only.`,
    plot: {
      x: { type: 'log', domain: [0.6, last * 1.1], label: 'step', tickFormat: 'd', ticks: 6 },
      y: { domain: [0, 1.02], label: `share of the gradient in the top space, f_top(${k})`, grid: true },
      marks: [
        Plot.ruleX(points, { ...shifted, y1: (p: NetworkPoint) => p.topFraction.lower, y2: (p: NetworkPoint) => p.topFraction.upper, stroke: colours.blue }), // prettier-ignore
        Plot.dot(points, { ...shifted, y: (p: NetworkPoint) => (p.topFraction.lower + p.topFraction.upper) / 2, fill: colours.blue, r: 3 }), // prettier-ignore
      ],
    },
    table: () => ({
      columns: ['step', 'loss', 'accuracy', 'f_top from', 'f_top to'],
      rows: points.map((p) => [p.step, p.loss, p.accuracy, p.topFraction.lower, p.topFraction.upper]),
    }),
  };
}

/** The last point beside the command that makes the same run; nothing where there is none. */
function proofOf({ request: { data, samples, learningRate, batch, seed }, points }: NetworkProgress): HTMLElement[] {
  if (data.kind === 'digits') return [];
  const { classes, dim, noise } = data;
  const { step, loss, topFraction } = points.at(-1)!;
  return [
    evidence(
      `train --data mixture:${classes},${dim},${noise},${samples} --model mlp:${hidden} --dtype f64 --tolerance 1e-6 --lr ${learningRate} --batch ${Math.min(batch, samples)} --steps ${step} --measure-every ${step} --seed ${seed}`,
      element('p', {}, `At step ${step}: loss `, shown(loss, 'records[1].loss', 5), ', f_top from ', shown(topFraction.lower, 'records[1].topFraction.lower', 4), ' to ', shown(topFraction.upper, 'records[1].topFraction.upper', 4)), // prettier-ignore
    ),
  ];
}
