import type { AsyncSymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import type { Objective } from './objective.js';

/** How long others may wait, in ms. */
const patience = 200;

/**
 * A function that lets timers and signals of the operating system go first where they last did more than 0.2 s ago, and rejects with the
 * reason of the abort signal, where there is one, once that is raised. To be awaited often.
 */
export function givingWay(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > patience) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/**
 * The same objective, which gives way before every evaluation and product and at the pauses of what is computed with its operators, and
 * rejects there with the signal's reason once that is raised.
 */
export function stoppable(objective: Objective, giveWay: () => Promise<void>): Objective {
  const stoppableOperator = (operator: AsyncSymmetricOperator): AsyncSymmetricOperator => ({
    dimension: operator.dimension,
    ...(operator.precision && { precision: operator.precision }),
    giveWay,
    async apply(block, columns) {
      await giveWay();
      return operator.apply(block, columns);
    },
    ...(operator.precise && {
      async precise(block, columns) {
        await giveWay();
        return operator.precise!(block, columns);
      },
    }),
  });
  const self: Objective = {
    layout: objective.layout,
    async evaluate(...given) {
      await giveWay();
      return objective.evaluate(...given);
    },
    async score(...given) {
      await giveWay();
      return objective.score(...given);
    },
    curvature: (...given) => stoppableOperator(objective.curvature(...given)),
    blocks(...given) {
      const joint = objective.blocks(...given);
      return {
        ...joint,
        giveWay,
        async apply(requests) {
          await giveWay();
          return joint.apply(requests);
        },
      };
    },
    async sampleSlopes(...given) {
      await giveWay();
      return objective.sampleSlopes(...given);
    },
    async classGradients(...given) {
      await giveWay();
      return objective.classGradients(...given);
    },
    precise() {
      const precise = objective.precise();
      return precise === objective ? self : stoppable(precise, giveWay);
    },
    release: () => objective.release(),
  };
  return self;
}
