/**
 * The records of a ZIP file (APPNOTE 6.3.10, sections 4.3 to 4.5). Sizes and checksums stand behind each file (bit 3 of the flags),
 * so that nothing has to be known before its bytes are sent; names are UTF-8 (bit 11).
 */
const streamedUtf8 = 0x0808;
const deflated = 8;
const zip64Version = 45;
const plainVersion = 20;
const most32 = 0xffff_ffff;
/** Deflating what cannot be made smaller adds a little, so the line is drawn before the limit. */
const large = 0xf000_0000;

export interface ZipEntry {
  readonly name: Buffer;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Whether its sizes need 64 bits. */
  readonly zip64: boolean;
}

export interface WrittenEntry extends ZipEntry {
  readonly crc: number;
  readonly size: number;
  readonly compressed: number;
  /** Where its local header begins. */
  readonly offset: number;
}

export function zipEntry(file: { readonly name: string; readonly size: number; readonly storedAt: number }): ZipEntry {
  return { name: Buffer.from(file.name), modifiedAt: file.storedAt, zip64: file.size >= large };
}

export function localHeader({ name, modifiedAt, zip64 }: ZipEntry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(zip64 ? zip64Version : plainVersion, 4);
  header.writeUInt16LE(streamedUtf8, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt32LE(dosTime(modifiedAt), 10);
  if (zip64) header.writeUInt32LE(most32, 18);
  if (zip64) header.writeUInt32LE(most32, 22);
  header.writeUInt16LE(name.length, 26);
  const extra = zip64 ? zip64Extra([0, 0]) : Buffer.alloc(0);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

/** What stands behind the bytes of a file. */
export function dataDescriptor({ crc, size, compressed, zip64 }: WrittenEntry): Buffer {
  const record = Buffer.alloc(zip64 ? 24 : 16);
  record.writeUInt32LE(0x0807_4b50, 0);
  record.writeUInt32LE(crc, 4);
  if (zip64) {
    record.writeBigUInt64LE(BigInt(compressed), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(compressed, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

export function centralHeader(entry: WrittenEntry): Buffer {
  const { name, crc, modifiedAt } = entry;
  const wide = entry.zip64 ? [entry.size, entry.compressed] : [];
  if (entry.offset >= most32) wide.push(entry.offset);
  const extra = wide.length > 0 ? zip64Extra(wide) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  // Made by Unix (3), so that the mode counts.
  header.writeUInt16LE((3 << 8) | zip64Version, 4);
  header.writeUInt16LE(wide.length > 0 ? zip64Version : plainVersion, 6);
  header.writeUInt16LE(streamedUtf8, 8);
  header.writeUInt16LE(deflated, 10);
  header.writeUInt32LE(dosTime(modifiedAt), 12);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(entry.zip64 ? most32 : entry.compressed, 20);
  header.writeUInt32LE(entry.zip64 ? most32 : entry.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  // A plain file that its owner may write and all may read.
  header.writeUInt32LE(0o100644 * 0x1_0000, 38);
  header.writeUInt32LE(Math.min(entry.offset, most32), 42);
  return Buffer.concat([header, name, extra]);
}

/** Behind the central headers, which begin at `start` and take `length` bytes. */
export function endOfZip({ entries, start, length }: { entries: number; start: number; length: number }): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(Math.min(entries, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries, 0xffff), 10);
  end.writeUInt32LE(Math.min(length, most32), 12);
  end.writeUInt32LE(Math.min(start, most32), 16);
  if (entries < 0xffff && length < most32 && start < most32) return end;
  const wide = Buffer.alloc(56);
  wide.writeUInt32LE(0x0606_4b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE((3 << 8) | zip64Version, 12);
  wide.writeUInt16LE(zip64Version, 14);
  wide.writeBigUInt64LE(BigInt(entries), 24);
  wide.writeBigUInt64LE(BigInt(entries), 32);
  wide.writeBigUInt64LE(BigInt(length), 40);
  wide.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x0706_4b50, 0);
  locator.writeBigUInt64LE(BigInt(start + length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([wide, locator, end]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return extra;
}

/** Date in the upper half, time in the lower; in UTC, by two seconds, from 1980 on. */
function dosTime(epochMs: number): number {
  const at = new Date(Math.min(Math.max(epochMs, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x1_0000 + time;
}
