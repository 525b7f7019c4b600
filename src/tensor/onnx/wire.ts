import { Reader } from 'protobufjs/minimal.js';
import { messageFields, type MessageField } from '../engine/onnx-schema.js';

/** A message as it is read: repeated fields are arrays, bytes are views of the file. Absent fields are absent. */
export type Message = Record<string, unknown>;

/** Messages inside one another, and messages and strings in all: more is no network, and each costs many times its bytes of memory. */
const [deepest, most] = [64, 2 ** 21];

const fieldsOf = new Map(
  [...messageFields].map(([name, fields]) => [name, new Map(fields.map((field) => [field.id, field]))]),
);

const number = (value: unknown): number =>
  typeof value === 'number' ? value : (value as { toNumber(): number }).toNumber();

/** How each scalar is read, and the wire type that it has. Integers of 64 bits become numbers, exact to 2⁵³. */
const scalars: Readonly<Record<string, readonly [wire: number, read: (reader: Reader) => unknown]>> = {
  int32: [0, (reader) => reader.int32()],
  int64: [0, (reader) => number(reader.int64())],
  uint64: [0, (reader) => number(reader.uint64())],
  double: [1, (reader) => reader.double()],
  string: [2, (reader) => reader.string()],
  bytes: [2, (reader) => reader.bytes()],
  float: [5, (reader) => reader.float()],
};

/**
 * A message of the protobuf wire format, by the schema. Throws RangeError where the bytes are no such message, end too early, or nest deeper
 * or hold more than any network does. Memory: at most some hundred bytes for each message and 8 for each number.
 */
export function readMessage(bytes: Uint8Array, type: string): Message {
  // A plain view: slices of a Node buffer would be views too.
  const reader = Reader.create(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let count = 0;
  const tally = (): void => {
    if (++count > most) throw new RangeError(`it holds more than ${most} messages and strings`);
  };
  const message = (name: string, end: number, depth: number): Message => {
    if (depth > deepest) throw new RangeError(`its messages are nested deeper than ${deepest}`);
    tally();
    const fields = fieldsOf.get(name)!;
    const result: Message = {};
    while (reader.pos < end) {
      const tag = reader.uint32();
      const [field, wire] = [fields.get(tag >>> 3), tag & 7];
      if (field === undefined) reader.skipType(wire);
      else value(result, field, wire, depth);
    }
    if (reader.pos !== end) throw new RangeError(`a field of ${name} is longer than its message`);
    return result;
  };
  const lengthEnd = (): number => {
    const length = reader.uint32();
    const end = reader.pos + length;
    if (end > reader.len) throw new RangeError(`a field ends at byte ${end}, the file at byte ${reader.len}`);
    return end;
  };
  const value = (into: Message, { key, type: of, rule }: MessageField, wire: number, depth: number): void => {
    const scalar = scalars[of];
    const put = (entry: unknown): void => {
      const before = into[key] as unknown[] | undefined;
      if (rule !== 'repeated') into[key] = entry;
      else if (before === undefined) into[key] = [entry];
      else before.push(entry);
    };
    if (scalar === undefined) {
      if (wire !== 2) throw new RangeError(`field ${key} has wire type ${wire} in place of 2`);
      put(message(of, lengthEnd(), depth + 1));
    } else if (wire === 2 && scalar[0] !== 2 && rule === 'repeated') {
      for (const end = lengthEnd(); reader.pos < end;) put(scalar[1](reader));
    } else {
      if (wire !== scalar[0]) throw new RangeError(`field ${key} has wire type ${wire} in place of ${scalar[0]}`);
      if (wire === 2) tally();
      put(scalar[1](reader));
    }
  };
  return message(type, reader.len, 0);
}
