import * as Plot from '@observablehq/plot';
import { createChart, type ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { element } from '../../core/element.js';
import { evidence, shown } from '../../core/numbers.js';
import { task } from '../../core/task.js';
import { recordedSteps, type SgdSettings } from './controls.js';
import { digitsOf } from './digits.js';
import type { NetworkPoint, NetworkRequest } from './network-run.js';

const [samples, hidden] = [600, 12];

/** The same measurement on a small network, on the mixture or on digits: the runtime is loaded when it is first asked for. */
export function networkSection(settings: () => SgdSettings, left: AbortSignal): HTMLElement {
  const worker = task<NetworkRequest & { readonly runtime: string }, NetworkPoint>(
    () => new Worker(new URL('./network.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  const said = element('p', { className: 'help', role: 'status' });
  const proof = element('div');
  const chart = createChart('sgd-network', 'The same for a small network', left);
  chart.root.hidden = true;

  const train = (data: NetworkRequest['data']): void => {
    const { lr, batch, seed } = settings();
    const k = data.kind === 'digits' ? 10 : data.classes;
    const recorded = [0, ...recordedSteps(data.kind === 'digits' ? 300 : 100).filter((_, i) => i % 4 === 0)];
    const request = { data, samples, hidden, learningRate: lr, batch, seed, recorded };
    const points: NetworkPoint[] = [];
    said.textContent = 'the runtime for networks is being loaded …';
    proof.replaceChildren();
    chart.root.hidden = false;
    worker.run(
      { ...request, runtime: new URL('./runtime/', document.baseURI).href },
      (point) => {
        points.push(point);
        said.textContent = `step ${point.step}: loss ${point.loss.toPrecision(4)}, accuracy ${(100 * point.accuracy).toFixed(1)} %`;
        chart.show(contentOf(points, k, recorded.at(-1)!));
      },
      (failure) => {
        if (failure !== undefined) said.textContent = `the network is not available: ${failure}`;
        else if (data.kind === 'mixture') proof.replaceChildren(proofOf(request, data, points.at(-1)!));
      },
    );
  };
  const onMixture = element('button', { type: 'button' }, 'train a network on this mixture');
  onMixture.addEventListener('click', () => {
    const { classes, dim, noise } = settings();
    train({ kind: 'mixture', classes, dim, noise });
  });
  const files = element('input', { type: 'file', multiple: true, id: 'sgd-digits' });
  const take = async (list: Iterable<File>): Promise<void> => {
    const { images, labels } = await digitsOf([...list]);
    train({ kind: 'digits', images, labels });
  };
  const taken = (list: Iterable<File>): void => {
    void take(list).catch((error: unknown) => {
      said.textContent = error instanceof Error ? error.message : String(error);
    });
  };
  files.addEventListener('change', () => {
    taken(files.files ?? []);
  });
  const root = element(
    'section',
    { className: 'wide', 'aria-label': 'a small network' },
    element('h2', {}, 'No closed form: a small network'),
    element('p', { className: 'help' }, `One hidden layer of ${hidden} units, ${samples} samples, learning rate and batch as above; the gradient is that of all samples. For MNIST, drop or choose the files of images and labels, gzipped or not; digits are shrunk to 7 × 7 pixels. The runtime for it, 14 MB, is loaded when it is first asked for.`), // prettier-ignore
    element(
      'div',
      { className: 'tools' },
      onMixture,
      element('label', { htmlFor: 'sgd-digits' }, 'MNIST files '),
      files,
    ),
    said,
    chart.root,
    proof,
  );
  root.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    taken(event.dataTransfer?.files ?? []);
  });
  return root;
}

function contentOf(points: readonly NetworkPoint[], k: number, last: number): ChartContent {
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

/** The last point beside the command that makes the same run. */
function proofOf(
  { learningRate, batch, seed }: NetworkRequest,
  { classes, dim, noise }: Extract<NetworkRequest['data'], { kind: 'mixture' }>,
  { step, loss, topFraction }: NetworkPoint,
): HTMLElement {
  return evidence(
    `train --data mixture:${classes},${dim},${noise},${samples} --model mlp:${hidden} --dtype f64 --tolerance 1e-6 --lr ${learningRate} --batch ${Math.min(batch, samples)} --steps ${step} --measure-every ${step} --seed ${seed}`,
    element('p', {}, `At step ${step}: loss `, shown(loss, 'records[1].loss', 5), ', f_top from ', shown(topFraction.lower, 'records[1].topFraction.lower', 4), ' to ', shown(topFraction.upper, 'records[1].topFraction.upper', 4)), // prettier-ignore
  );
}
