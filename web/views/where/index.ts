import { createChart } from '../../core/chart.js';
import { element } from '../../core/element.js';
import { commandText } from '../../core/command-text.js';
import { liveDocument } from '../../core/documents.js';
import { task } from '../../core/task.js';
import { view } from '../../core/view.js';
import { fitWhere, whereControls, type WhereSettings } from './controls.js';
import { dipChart } from './dip-chart.js';
import { mapChart } from './map-chart.js';
import type { MapColumn, MapPart, MapRequest } from './map-columns.js';
import { boundaryNumbers, sgdNumbers, solvedAt, solvedNumbers } from './numbers.js';
import { whenPointedAt } from './pointing.js';
import { spectrumChart } from './spectrum-chart.js';

const requestOf = ({ classes, dim, rho, map, 'eta-over-b': etaOverB }: WhereSettings): MapRequest => ({
  classes,
  rho,
  ...(map === 'sgd' ? { sgd: { dim, etaOverB } } : {}),
});

export const whereView = view({
  title: 'Where the claim holds',
  lead:
    'The claim is that gradient descent happens in a tiny subspace: that the gradient lies in the top k eigenvectors of the Hessian, k being the number of classes. ' +
    'In this exactly solved model it holds up to a sharp line: the map shows for which data, and how far into training. Press or drag on the map to see the spectrum there.',
  controls: whereControls,
  fit: fitWhere,
  open(page) {
    const { content, left } = page;
    const map = createChart('where', 'Is the gradient in the top k?', left);
    const spectrum = createChart('spectrum', 'The spectrum at the point', left);
    const dip = createChart('without-dip', 'When the noise of SGD hides the dip', left);
    const progress = element('progress', { max: 1, value: 0, 'aria-label': 'the map is being refined' });
    const refining = element('p', { className: 'help' }, 'refining the map … ', progress);
    const solved = liveDocument('solve', page, (document, command) => {
      spectrum.show(spectrumChart(document, command));
      known = { command, time: document.states[0]!.time };
      askSgd();
      return solvedNumbers(document, command);
    });
    const edge = liveDocument('boundary', page, boundaryNumbers);
    const sgd = liveDocument('solve', page, sgdNumbers);
    content.append(element('div', {}, map.root, refining), spectrum.root, solved.root, edge.root, dip.root, sgd.root);

    const mapping = task<MapRequest, MapPart>(
      () => new Worker(new URL('./map.worker.ts', import.meta.url), { type: 'module' }),
      left,
    );
    let known: { readonly command: string; readonly time: number | null } | undefined;
    let asked = '';
    let columns: readonly MapColumn[] = [];
    const draw = (): void => {
      map.show(mapChart(page.settings(), columns));
      if (page.settings().map === 'sgd') dip.show(dipChart(page.settings(), columns));
    };
    const compute = (request: MapRequest): void => {
      asked = JSON.stringify(request);
      columns = [];
      progress.value = 0;
      refining.hidden = false;
      mapping.run(
        request,
        (part) => {
          columns = [...columns, ...part.columns];
          progress.value = part.done;
          draw();
        },
        (failure) => {
          refining.hidden = true;
          if (failure !== undefined) page.warn(failure);
        },
      );
    };
    /** The noise of SGD is solved at times of the flow, up to 10¹², once the time of the point is known. */
    const askSgd = (): void => {
      const settings = page.settings();
      if (settings.map === 'flow') {
        sgd.clear();
        return;
      }
      if (known?.command !== solvedAt(settings).command) return;
      if (known.time === null || known.time > 1e12) {
        const why =
          'The flow comes to this point later than t = 10¹², where no number of SGD is given: choose a lower α/α* or more noise σ.';
        sgd.clear(element('h2', {}, 'With the noise of SGD'), element('p', {}, why));
        return;
      }
      const { settings: at, command } = solvedAt(settings, Number(known.time.toPrecision(6)));
      sgd.ask(at, command);
    };
    whenPointedAt(map.root, (x, y) => {
      const { min, max } = whereControls.relative;
      page.change({ noise: Number(x.toPrecision(3)), relative: Number(Math.min(max, Math.max(min, y)).toFixed(3)) });
    });

    return (settings) => {
      const request = requestOf(settings);
      if (JSON.stringify(request) !== asked) compute(request);
      for (const { root } of [dip, sgd]) root.hidden = settings.map === 'flow';
      draw();
      const { classes, noise, rho } = settings;
      const at = solvedAt(settings);
      solved.ask(at.settings, at.command);
      askSgd();
      edge.ask({ classes, noise, rho }, commandText('boundary', { classes, noise, rho: rho === 0 ? undefined : rho }));
    };
  },
});
