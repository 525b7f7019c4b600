/** A field of a message. */
export interface MessageField {
  /** Of the scalars of protobuf, or the name of a message. */
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  /** What it is called. */
  readonly key: string;
}

/** The messages of the ONNX format that are read and written here, with the field numbers of onnx.proto (ONNX 1.16, IR version 10). */
export const messages: Readonly<
  Record<string, { readonly fields: Readonly<Record<string, Omit<MessageField, 'key'>>> }>
> = {
  ModelProto: {
    fields: {
      irVersion: { type: 'int64', id: 1 },
      producerName: { type: 'string', id: 2 },
      graph: { type: 'GraphProto', id: 7 },
      opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
      functions: { rule: 'repeated', type: 'FunctionProto', id: 25 },
    },
  },
  OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
  FunctionProto: {
    fields: {
      name: { type: 'string', id: 1 },
      input: { rule: 'repeated', type: 'string', id: 4 },
      output: { rule: 'repeated', type: 'string', id: 5 },
      node: { rule: 'repeated', type: 'NodeProto', id: 7 },
      opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 9 },
      domain: { type: 'string', id: 10 },
      attributeProto: { rule: 'repeated', type: 'AttributeProto', id: 11 },
    },
  },
  GraphProto: {
    fields: {
      node: { rule: 'repeated', type: 'NodeProto', id: 1 },
      name: { type: 'string', id: 2 },
      initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
      input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
      output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      sparseInitializer: { rule: 'repeated', type: 'bytes', id: 15 },
    },
  },
  NodeProto: {
    fields: {
      input: { rule: 'repeated', type: 'string', id: 1 },
      output: { rule: 'repeated', type: 'string', id: 2 },
      name: { type: 'string', id: 3 },
      opType: { type: 'string', id: 4 },
      attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
      domain: { type: 'string', id: 7 },
    },
  },
  AttributeProto: {
    fields: {
      name: { type: 'string', id: 1 },
      f: { type: 'float', id: 2 },
      i: { type: 'int64', id: 3 },
      s: { type: 'bytes', id: 4 },
      t: { type: 'TensorProto', id: 5 },
      g: { type: 'GraphProto', id: 6 },
      floats: { rule: 'repeated', type: 'float', id: 7 },
      ints: { rule: 'repeated', type: 'int64', id: 8 },
      strings: { rule: 'repeated', type: 'bytes', id: 9 },
      type: { type: 'int32', id: 20 },
      refAttrName: { type: 'string', id: 21 },
    },
  },
  TensorProto: {
    fields: {
      dims: { rule: 'repeated', type: 'int64', id: 1 },
      dataType: { type: 'int32', id: 2 },
      floatData: { rule: 'repeated', type: 'float', id: 4 },
      int32Data: { rule: 'repeated', type: 'int32', id: 5 },
      int64Data: { rule: 'repeated', type: 'int64', id: 7 },
      name: { type: 'string', id: 8 },
      rawData: { type: 'bytes', id: 9 },
      doubleData: { rule: 'repeated', type: 'double', id: 10 },
      uint64Data: { rule: 'repeated', type: 'uint64', id: 11 },
      externalData: { rule: 'repeated', type: 'StringStringEntryProto', id: 13 },
      dataLocation: { type: 'int32', id: 14 },
    },
  },
  StringStringEntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
  ValueInfoProto: { fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } } },
  TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
  TensorTypeProto: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } } },
  TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'DimensionProto', id: 1 } } },
  DimensionProto: { fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } } },
};

/** The fields of each message, in the order of their numbers. */
export const messageFields: ReadonlyMap<string, readonly MessageField[]> = new Map(
  Object.entries(messages).map(([name, { fields }]) => [
    name,
    Object.entries(fields)
      .map(([key, field]) => ({ ...field, key }))
      .sort((x, y) => x.id - y.id),
  ]),
);

/** Numbers of TensorProto.DataType. */
export const dataType = { f32: 1, f64: 11, int64: 7, bool: 9 } as const;

/** Numbers of AttributeProto.AttributeType. */
export const attributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;
