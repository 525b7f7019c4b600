import { Writer } from 'protobufjs/minimal.js';
import { messageFields } from './onnx-schema.js';

type Write = (writer: Writer, value: never) => Writer;

/** How each scalar is written, and the wire type that it has. */
const scalars: Readonly<Record<string, readonly [wire: number, write: Write]>> = {
  int32: [0, (writer, value: number) => writer.int32(value)],
  int64: [0, (writer, value: number) => writer.int64(value)],
  uint64: [0, (writer, value: number) => writer.uint64(value)],
  double: [1, (writer, value: number) => writer.double(value)],
  string: [2, (writer, value: string) => writer.string(value)],
  bytes: [2, (writer, value: Uint8Array) => writer.bytes(value)],
  float: [5, (writer, value: number) => writer.float(value)],
};

/**
 * A message in the protobuf wire format, by the schema: fields in the order of their numbers, lists of numbers packed, and what is 0 or empty left out, as proto3 has it. Makes no function from
 * text, as protobufjs' own encoders do, which a page may not.
 */
export function writeMessage(message: object, type: string): Uint8Array<ArrayBuffer> {
  const writer = Writer.create();
  writeFields(writer, message as Readonly<Record<string, unknown>>, type);
  return writer.finish() as Uint8Array<ArrayBuffer>;
}

function writeFields(writer: Writer, message: Readonly<Record<string, unknown>>, type: string): void {
  for (const { key, id, type: of, rule } of messageFields.get(type)!) {
    const value = message[key];
    if (value === undefined || value === null) continue;
    const scalar = scalars[of];
    if (rule === 'repeated') {
      const entries = value as readonly unknown[];
      if (scalar === undefined) for (const entry of entries) writeInner(writer, entry, of, id);
      else if (scalar[0] === 2) for (const entry of entries) scalar[1](writer.uint32((id << 3) | 2), entry as never);
      else if (entries.length > 0) writePacked(writer, entries, scalar[1], id);
    } else if (scalar === undefined) writeInner(writer, value, of, id);
    else if (!isEmpty(value)) scalar[1](writer.uint32((id << 3) | scalar[0]), value as never);
  }
}

function writeInner(writer: Writer, message: unknown, type: string, id: number): void {
  writer.uint32((id << 3) | 2).fork();
  writeFields(writer, message as Readonly<Record<string, unknown>>, type);
  writer.ldelim();
}

function writePacked(writer: Writer, entries: readonly unknown[], write: Write, id: number): void {
  writer.uint32((id << 3) | 2).fork();
  for (const entry of entries) write(writer, entry as never);
  writer.ldelim();
}

const isEmpty = (value: unknown): boolean =>
  Object.is(value, 0) || value === '' || (value instanceof Uint8Array && value.length === 0);
