import { UsageError } from '../errors.js';
import { lossOf, type Loss } from '../loss/network/losses.js';
import type { NetworkSpec } from '../loss/network/network.js';
import type { Model } from '../models/model.js';
import type { TrainConfig } from './train-config.js';

/** The network of a configuration for inputs of a shape and so many outputs. Throws UsageError where the model does not take them, or gives no loss of its own. */
export function networkSpec(
  config: Pick<TrainConfig, 'model' | 'activation' | 'bias' | 'loss'>,
  model: Model,
  inputShape: readonly number[],
  outputs: number,
): NetworkSpec {
  const { activation, bias } = config;
  return {
    inputShape,
    outputs,
    layers: model.layersFor(inputShape, { outputs, activation, bias }),
    loss: lossIn(config, model),
  };
}

function lossIn({ model: text, loss }: Pick<TrainConfig, 'model' | 'loss'>, model: Model): Loss {
  if (loss !== 'given') return lossOf(loss).of;
  if (model.loss !== undefined) return model.loss;
  throw new UsageError(`${text} gives no loss of its own; choose one by its name`);
}
