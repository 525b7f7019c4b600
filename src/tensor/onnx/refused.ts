interface RefusedFamily {
  /** What they have in common, and what can be done. */
  readonly why: string;
  readonly names: readonly string[];
}

/** Operators that are known and not imported, by the reason. */
export const refusedFamilies: readonly RefusedFamily[] = [
  {
    why: 'it runs a number of times that the data decide; write the steps out (torch.onnx.export does so by tracing) and export again',
    names: ['Loop', 'Scan', 'SequenceMap'],
  },
  {
    why: 'recurrent layers are not expressed here; write the cell with matrix products and the steps one after the other, and export that',
    names: ['RNN', 'LSTM', 'GRU'],
  },
  {
    why: 'it works on sequences or optional values, not on tensors; export with tensors alone',
    names: [
      'SequenceAt',
      'SequenceConstruct',
      'SequenceEmpty',
      'SequenceErase',
      'SequenceInsert',
      'SequenceLength',
      'SplitToSequence',
      'ConcatFromSequence',
      'Optional',
      'OptionalGetElement',
      'OptionalHasElement',
    ],
  },
  {
    why: 'it works on text; turn the text into numbers before the network',
    names: ['StringNormalizer', 'StringConcat', 'StringSplit', 'RegexFullMatch', 'TfIdfVectorizer'],
  },
  {
    why: 'a quantised network has no gradient; export the network before it was quantised',
    names: [
      'QuantizeLinear',
      'DequantizeLinear',
      'DynamicQuantizeLinear',
      'QLinearConv',
      'QLinearMatMul',
      'ConvInteger',
      'MatMulInteger',
    ],
  },
  {
    why: 'it draws random numbers, and a loss must be the same each time; export the network in evaluation mode',
    names: ['Bernoulli', 'Multinomial', 'RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'],
  },
  {
    why: 'the size of its result depends on the data; move it out of the network',
    names: ['Compress', 'NonZero', 'NonMaxSuppression', 'Unique'],
  },
  {
    why: 'it is a step of training; export the network alone',
    names: ['Adagrad', 'Adam', 'Gradient', 'Momentum'],
  },
];
