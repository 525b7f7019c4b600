import type { BoundaryDocument } from '../../../src/studies/solve/boundary.js';
import { element } from '../../core/element.js';
import { evidence, shown } from '../../core/numbers.js';
import { lookOf } from './sector-style.js';
import { tableOf } from './state-evidence.js';

/** Where the gradient leaves the top k, and which levels pass it. */
export function boundaryEvidence(document: BoundaryDocument, command: string): HTMLElement {
  const { model, crossedBy, later, relativeMargin, marginCritical, timeCritical, smallNoiseLaw, errorBar } = document;
  return evidence(
    command,
    element('h2', {}, 'Where the gradient leaves the top space'),
    element(
      'p',
      {},
      `f_top(${model.classes}) is 1 up to the margin α_c = `,
      shown(marginCritical, 'marginCritical', 8),
      ' (± ',
      shown(errorBar, 'errorBar', 2),
      '), which is ',
      shown(relativeMargin, 'relativeMargin'),
      ' of that of the best classifier, and 0 beyond. The flow is there ',
      ...(timeCritical === null ? ['later than t = 10³⁰⁰'] : ['at t = ', shown(timeCritical, 'timeCritical')]),
      '. For vanishing noise α_c/α* tends to ',
      shown(smallNoiseLaw, 'smallNoiseLaw'),
      '.',
    ),
    tableOf(
      ['level that passes', 'at margin α', 'at α/α*'],
      [
        [
          lookOf(crossedBy).name,
          shown(marginCritical, 'marginCritical', 6),
          shown(relativeMargin, 'relativeMargin', 6),
        ] as const,
        ...later.map(
          ({ sector, margin, relativeMargin: share }, i) =>
            [
              lookOf(sector).name,
              shown(margin, `later[${i}].margin`, 6),
              shown(share, `later[${i}].relativeMargin`, 6),
            ] as const,
        ),
      ],
    ),
    ...(later.some(({ relativeMargin: share }) => share > 1) || relativeMargin > 1
      ? [element('p', { className: 'help' }, 'What lies beyond 1 is on the same line, but the flow ends at 1.')]
      : []),
  );
}
