import { writeMessage } from '../engine/write-message.js';
import { readMessage } from './wire.js';

interface NodeMessage {
  opType?: string;
  input?: string[];
  output?: string[];
  attribute?: { readonly name?: string }[];
}

interface ModelMessage {
  readonly graph?: { readonly node?: NodeMessage[]; output?: { readonly name?: string }[] };
}

/**
 * A file with batch normalisation by running averages and without dropout, as networks are measured; the same bytes where it has neither in
 * training mode. Of its outputs those stay that are still computed.
 */
export function inEvaluation(bytes: Uint8Array): Uint8Array {
  const model = readMessage(bytes, 'ModelProto') as unknown as ModelMessage;
  const nodes = model.graph?.node ?? [];
  const normalisations = nodes.filter(
    // Before version 14 outputs besides the first say that it is training.
    ({ opType, attribute = [], output = [] }) =>
      opType === 'BatchNormalization' && (output.length > 1 || attribute.some(({ name }) => name === 'training_mode')),
  );
  const dropouts = nodes.filter(({ opType, input = [] }) => opType === 'Dropout' && input.length > 2);
  if (normalisations.length + dropouts.length === 0) return bytes;
  const dropped = new Set<string>();
  for (const node of normalisations) {
    node.attribute = (node.attribute ?? []).filter(({ name }) => name !== 'training_mode');
    for (const name of node.output!.slice(1)) dropped.add(name);
    node.output = node.output!.slice(0, 1);
  }
  for (const node of dropouts) node.input = node.input!.slice(0, 1);
  model.graph!.output = (model.graph!.output ?? []).filter(({ name = '' }) => !dropped.has(name));
  return writeMessage(model, 'ModelProto');
}
