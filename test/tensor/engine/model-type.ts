import { Root, type Type } from 'protobufjs/light.js';
import { messages } from '../../../src/tensor/engine/onnx-schema.js';

/** The format of ONNX as protobufjs reads and writes it, by functions that it makes from the schema. */
export const modelType: Type = Root.fromJSON({ nested: { ...messages } }).lookupType('ModelProto');
