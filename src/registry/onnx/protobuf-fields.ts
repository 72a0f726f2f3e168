import type { ByteWindow } from './byte-window.ts';

/** One field of a protobuf message (protobuf.dev, encoding): where its content lies, or its number. */
export interface ProtobufField {
  readonly number: number;
  /** Content of a length-delimited field; empty for a number. */
  readonly start: number;
  readonly end: number;
  /** Value of a varint field. */
  readonly value: bigint | undefined;
}

/** Why bytes are no protobuf message, as a text that goes into an error. */
export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf';
}

const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
const fixed32Type = 5;
const longestVarint = 10;

/** The fields of the message that lies from `start` to `end`, without reading the content of long ones. */
export async function* protobufFields(window: ByteWindow, start: number, end: number): AsyncGenerator<ProtobufField> {
  let position = start;
  while (position < end) {
    const key = await readVarint(window, position, end);
    const number = Number(key.value >> 3n);
    const wireType = Number(key.value & 7n);
    if (number === 0 || number > 0x1fffffff) throw new MalformedProtobuf(`byte ${position} does not begin a field`);
    if (wireType === varintType) {
      const { value, next } = await readVarint(window, key.next, end);
      yield { number, start: next, end: next, value };
      position = next;
      continue;
    }
    const content = await contentOf(window, { wireType, position: key.next, end });
    yield { number, ...content, value: undefined };
    position = content.end;
  }
}

async function contentOf(
  window: ByteWindow,
  at: { wireType: number; position: number; end: number },
): Promise<{ start: number; end: number }> {
  let start = at.position;
  let length: number;
  if (at.wireType === lengthType) {
    const varint = await readVarint(window, at.position, at.end);
    start = varint.next;
    length = Number(varint.value);
  } else if (at.wireType === fixed64Type || at.wireType === fixed32Type) {
    length = at.wireType === fixed64Type ? 8 : 4;
  } else {
    throw new MalformedProtobuf(`byte ${at.position} has an encoding that does not exist`);
  }
  if (start + length > at.end)
    throw new MalformedProtobuf(`it is cut off or damaged: ${length} bytes should follow byte ${start}, but there are ${at.end - start}`);
  return { start, end: start + length };
}

async function readVarint(window: ByteWindow, position: number, end: number): Promise<{ value: bigint; next: number }> {
  const bytes = await window.read(position, Math.min(position + longestVarint, end));
  let value = 0n;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: position + index + 1 };
  }
  throw new MalformedProtobuf(
    bytes.length < longestVarint ? `it is cut off at byte ${position + bytes.length}` : `byte ${position} begins no number`,
  );
}

/** The content of a field as text. */
export async function protobufText(window: ByteWindow, field: ProtobufField): Promise<string> {
  return (await window.read(field.start, field.end)).toString('utf8');
}
