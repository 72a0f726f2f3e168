import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { PointColumns } from './metric-points.ts';

/**
 * Points as bytes. A byte of flags, the count, then three columns: steps and times as differences of differences in zigzag varints
 * (LEB128), which are zeros where they grow evenly, and values as they are (IEEE 754, little endian), so that NaN and infinities stay.
 * Many points are compressed; then the bytes of the values stand plane by plane, since first bytes resemble each other.
 */
const flags = { compressed: 1, rawSteps: 2, rawTimes: 4 } as const;

/** Fewer points are not worth the frame of the compression. */
const worthCompressing = 32;

/** The bytes of points that are to be read again soon: not compressed. */
export function packPoints(points: PointColumns): Uint8Array {
  return encode(points, false);
}

/** The bytes of points that stay. */
export function encodePoints(points: PointColumns): Uint8Array {
  return encode(points, points.steps.length >= worthCompressing);
}

function encode(points: PointColumns, compressed: boolean): Uint8Array {
  const { steps, times, values } = points;
  const count = steps.length;
  const rawSteps = !fitsDifferences(steps);
  const rawTimes = !fitsDifferences(times);
  const writer = new ByteWriter(16 + count * 24);
  writer.varint(count);
  if (rawSteps) writer.doubles(steps);
  else writer.differences(steps);
  if (rawTimes) writer.doubles(times);
  else writer.differences(times);
  if (compressed) writer.planes(values);
  else writer.doubles(values);
  const flag = (compressed ? flags.compressed : 0) | (rawSteps ? flags.rawSteps : 0) | (rawTimes ? flags.rawTimes : 0);
  const body = writer.bytes();
  return Buffer.concat([Uint8Array.of(flag), compressed ? zstdCompressSync(body) : body]);
}

/** `packPoints` of one point, without the columns. */
export function packPoint({ step, time, value }: { readonly step: number; readonly time: number; readonly value: number }): Uint8Array {
  const rawStep = Math.abs(step) > exact;
  const rawTime = Math.abs(time) > exact;
  const writer = new ByteWriter(28);
  writer.byte((rawStep ? flags.rawSteps : 0) | (rawTime ? flags.rawTimes : 0));
  writer.byte(1);
  if (rawStep) writer.double(step);
  else writer.zigzag(step);
  if (rawTime) writer.double(time);
  else writer.zigzag(time);
  writer.double(value);
  return writer.bytes();
}

/** @throws RangeError when the bytes are not those of points */
export function decodePoints(bytes: Uint8Array): PointColumns {
  const flag = bytes[0] ?? 0;
  const body = bytes.subarray(1);
  const compressed = (flag & flags.compressed) !== 0;
  const reader = new ByteReader(compressed ? zstdDecompressSync(body) : body);
  const count = reader.varint();
  const steps = (flag & flags.rawSteps) !== 0 ? reader.doubles(count) : reader.differences(count);
  const times = (flag & flags.rawTimes) !== 0 ? reader.doubles(count) : reader.differences(count);
  return { steps, times, values: compressed ? reader.planes(count) : reader.doubles(count) };
}

const exact = 2 ** 50;

/** Whether differences of differences, doubled by zigzag, stay whole numbers that a double holds. */
function fitsDifferences(column: Float64Array): boolean {
  for (const value of column) if (value > exact || value < -exact) return false;
  return true;
}

class ByteWriter {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#at++] = rest;
  }

  byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  double(value: number): void {
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  differences(column: Float64Array): void {
    let previous = 0;
    let difference = 0;
    for (const value of column) {
      const change = value - previous - difference;
      difference = value - previous;
      previous = value;
      this.zigzag(change);
    }
  }

  doubles(column: Float64Array): void {
    for (const value of column) this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  planes(column: Float64Array): void {
    const bytes = new Uint8Array(column.slice().buffer);
    for (let plane = 0; plane < 8; plane++) {
      for (let at = plane; at < bytes.length; at += 8) this.#buffer[this.#at++] = bytes[at] ?? 0;
    }
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#view.getUint8(this.#at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  differences(count: number): Float64Array {
    const column = new Float64Array(count);
    let previous = 0;
    let difference = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#bytes[this.#at] ?? 0x80;
      // Most changes are small, and whole numbers of 32 bits are quicker than those beyond.
      if (byte < 0x80) {
        this.#at++;
        difference += (byte & 1) === 0 ? byte >>> 1 : -((byte + 1) >>> 1);
      } else {
        const zigzag = this.varint();
        difference += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      }
      previous += difference;
      column[index] = previous;
    }
    return column;
  }

  doubles(count: number): Float64Array {
    const column = new Float64Array(count);
    for (let index = 0; index < count; index++, this.#at += 8) column[index] = this.#view.getFloat64(this.#at, true);
    return column;
  }

  planes(count: number): Float64Array {
    const column = new Float64Array(count);
    const bytes = new Uint8Array(column.buffer);
    for (let plane = 0; plane < 8; plane++) {
      for (let at = plane; at < bytes.length; at += 8) bytes[at] = this.#bytes[this.#at++] ?? 0;
    }
    return column;
  }
}
