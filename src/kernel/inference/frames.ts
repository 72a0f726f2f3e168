import { datatypeForms, type Datatype, elementCount, isDatatype, type Tensor } from './tensor.ts';

/**
 * What a gateway and a model server say to each other over one local socket: frames of a length, a request number, a kind and a body.
 * Many requests are under way at once; answers come in any order. Numbers are little-endian, like the tensors in them.
 *
 * `length u32 | request u32 | kind u8 | body`, where length counts what follows it. Body of `run` and `result`: tensors; of `failed`:
 * UTF-8 text. Tensors: `count u16`, then each `name u16+text | datatype u8 | rank u8 | dimensions u32… | bytes u32+data`;
 * a string is `u32+text`.
 */
export const frameKinds = { run: 1, result: 2, failed: 3 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export interface Frame {
  readonly request: number;
  readonly kind: number;
  readonly body: Buffer;
}

const headerBytes = 9;
const datatypeCodes = Object.keys(datatypeForms).filter(isDatatype);
/** A frame larger than this cannot be ours. */
const largestFrame = 512 * 1024 * 1024;

export function encodeText(request: number, kind: FrameKind, text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const frame = header(request, kind, body.byteLength);
  body.copy(frame, headerBytes);
  return frame;
}

export function encodeTensors(request: number, kind: FrameKind, tensors: readonly Tensor[]): Buffer {
  const parts = tensors.map((tensor) => ({ tensor, name: Buffer.from(tensor.name, 'utf8'), bytes: dataBytes(tensor) }));
  const size = parts.reduce((sum, { tensor, name, bytes }) => sum + 8 + name.byteLength + 4 * tensor.shape.length + bytes, 2);
  const frame = header(request, kind, size);
  let at = frame.writeUInt16LE(parts.length, headerBytes);
  for (const { tensor, name, bytes } of parts) {
    at = frame.writeUInt16LE(name.byteLength, at);
    at += name.copy(frame, at);
    at = frame.writeUInt8(datatypeCodes.indexOf(tensor.datatype), at);
    at = frame.writeUInt8(tensor.shape.length, at);
    for (const dimension of tensor.shape) at = frame.writeUInt32LE(dimension, at);
    at = frame.writeUInt32LE(bytes, at);
    at = writeData(frame, at, tensor.data);
  }
  return frame;
}

function header(request: number, kind: FrameKind, bodyBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + bodyBytes);
  frame.writeUInt32LE(bodyBytes + headerBytes - 4, 0);
  frame.writeUInt32LE(request, 4);
  frame.writeUInt8(kind, 8);
  return frame;
}

function isTexts(data: Tensor['data']): data is readonly string[] {
  return Array.isArray(data);
}

function dataBytes({ data }: Tensor): number {
  if (!isTexts(data)) return data.byteLength;
  let bytes = 4 * data.length;
  for (const text of data) bytes += Buffer.byteLength(text);
  return bytes;
}

function writeData(frame: Buffer, start: number, data: Tensor['data']): number {
  if (!isTexts(data)) {
    frame.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
    return start + data.byteLength;
  }
  let at = start;
  for (const text of data) {
    const bytes = frame.write(text, at + 4);
    frame.writeUInt32LE(bytes, at);
    at += 4 + bytes;
  }
  return at;
}

/** Copies the data out of the frame, so that typed arrays are aligned and the frame can go. */
export function decodeTensors(body: Buffer): readonly Tensor[] {
  const count = body.readUInt16LE(0);
  const tensors: Tensor[] = [];
  let at = 2;
  const take = (bytes: number): Buffer => body.subarray(at, (at += bytes));
  for (let index = 0; index < count; index++) {
    const name = take(take(2).readUInt16LE()).toString('utf8');
    const datatype = datatypeCodes[take(1).readUInt8()];
    if (datatype === undefined) throw new Error(`The tensor ${name} has a datatype that this version does not know`);
    const rank = take(1).readUInt8();
    const shape = Array.from({ length: rank }, () => take(4).readUInt32LE());
    const bytes = take(take(4).readUInt32LE());
    tensors.push({ name, datatype, shape, data: readData(datatype, elementCount(shape), bytes) });
  }
  return tensors;
}

function readData(datatype: Datatype, count: number, bytes: Buffer): Tensor['data'] {
  const { view } = datatypeForms[datatype];
  if (view !== undefined) {
    const copy = new ArrayBuffer(bytes.byteLength);
    new Uint8Array(copy).set(bytes);
    return view(copy);
  }
  const texts: string[] = [];
  for (let index = 0, at = 0; index < count; index++) {
    const end = at + 4 + bytes.readUInt32LE(at);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

/** Cuts a byte stream into frames; a frame may come in many pieces, and a piece may hold many frames. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let waiting: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    waiting.push(chunk);
    size += chunk.byteLength;
    if (size < neededBytes(waiting, size)) return;
    let rest = waiting.length === 1 ? chunk : Buffer.concat(waiting, size);
    while (rest.byteLength >= headerBytes) {
      const end = 4 + rest.readUInt32LE(0);
      if (end > largestFrame) throw new Error(`A frame of ${end} bytes cannot be read`);
      if (rest.byteLength < end) break;
      onFrame({ request: rest.readUInt32LE(4), kind: rest.readUInt8(8), body: rest.subarray(headerBytes, end) });
      rest = rest.subarray(end);
    }
    waiting = rest.byteLength === 0 ? [] : [rest];
    size = rest.byteLength;
  };
}

/** How many bytes must be there before joining the pieces is worth it; joining at each piece would copy a large frame many times. */
function neededBytes(waiting: readonly Buffer[], size: number): number {
  const first = waiting[0];
  if (first === undefined || size < headerBytes) return headerBytes;
  const bytes = first.byteLength < 4 ? headerBytes : 4 + first.readUInt32LE(0);
  // What cannot be a frame is to be refused, not waited for.
  return bytes > largestFrame ? headerBytes : bytes;
}
