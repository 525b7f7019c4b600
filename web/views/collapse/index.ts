import { createChart } from '../../core/chart.js';
import { liveDocument } from '../../core/documents.js';
import { element } from '../../core/element.js';
import { task } from '../../core/task.js';
import { view } from '../../core/view.js';
import type { CollapseCurves, CurvesRequest } from './collapse-curves.js';
import { collapseControls, fitCollapse, type CollapseSettings } from './controls.js';
import { insideChart, restChart } from './curve-charts.js';
import { drawnNumbers, drawnOf, responseNumbers, responseOf, singleNumbers, singleOf } from './numbers.js';

const requestOf = ({ classes, dim, noise, delta, draws, seed, threshold }: CollapseSettings): CurvesRequest => ({
  classes,
  dim,
  noise,
  delta,
  draws,
  seed,
  threshold: noise === 0 ? 0 : threshold,
});

export const collapseView = view({
  title: 'Collapse from random W(0)',
  lead:
    'Training starts from small random weights, with a gradient spread over many directions. This shows how it collapses into the top k eigenvectors of the Hessian, how fast that is, ' +
    'how much it depends on the draw of the start, and how noise in the data makes it a window in time instead of a lasting state.',
  controls: collapseControls,
  fit: fitCollapse,
  open(page) {
    const { content, left } = page;
    const rest = createChart('collapse', 'What is left outside the top k', left);
    const fraction = createChart('f-top', 'What is inside', left);
    const progress = element('progress', { max: 1, value: 0, 'aria-label': 'draws are being solved' });
    const drawing = element('p', { className: 'help' }, 'solving draw after draw … ', progress);
    const single = liveDocument('solve', page, singleNumbers);
    const drawn = liveDocument('draws', page, drawnNumbers);
    const response = liveDocument('response', page, responseNumbers);
    content.append(element('div', {}, rest.root, drawing), fraction.root, single.root, drawn.root, response.root);

    const solving = task<CurvesRequest, CollapseCurves>(
      () => new Worker(new URL('./curves.worker.ts', import.meta.url), { type: 'module' }),
      left,
    );
    let asked = '';
    let curves: CollapseCurves | undefined;
    const draw = (): void => {
      rest.show(restChart(page.settings(), curves));
      fraction.show(insideChart(page.settings(), curves));
    };
    const compute = (request: CurvesRequest): void => {
      asked = JSON.stringify(request);
      curves = undefined;
      progress.value = 0;
      drawing.hidden = false;
      solving.run(
        request,
        (next) => {
          curves = next;
          progress.value = next.drawn / next.draws;
          draw();
        },
        (failure) => {
          drawing.hidden = true;
          if (failure !== undefined) page.warn(failure);
        },
      );
    };

    return (settings) => {
      const request = requestOf(settings);
      if (JSON.stringify(request) !== asked) compute(request);
      draw();
      const isExact = settings.noise === 0;
      for (const { root } of [single, drawn]) root.hidden = !isExact;
      response.root.hidden = isExact;
      if (isExact) {
        response.clear();
        const [one, many] = [singleOf(settings), drawnOf(settings)];
        single.ask(one.settings, one.command);
        drawn.ask(many.settings, many.command);
      } else {
        single.clear();
        drawn.clear();
        const { settings: at, command } = responseOf(settings);
        response.ask(at, command);
      }
    };
  },
});
