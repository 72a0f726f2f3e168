import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { ExportError } from './read-export.ts';

/** A small body that unpacks to more is an attack or a mistake. */
const maxOutputLength = 256 * 1024 * 1024;

/** The bytes behind `Content-Encoding`: gzip, deflate (with or without its header) or none. @throws ExportError */
export async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const named = encoding?.trim().toLowerCase();
  try {
    if (named === undefined || named === '' || named === 'identity') return body;
    if (named === 'gzip') return await promisify(gunzip)(body, { maxOutputLength });
    if (named === 'deflate') return await deflated(body);
  } catch (cause) {
    throw new ExportError(`Failed to decompress ${named} payload`, { cause });
  }
  throw new ExportError(`Unsupported Content-Encoding: ${encoding?.slice(0, 50)}`);
}

async function deflated(body: Buffer): Promise<Buffer> {
  // The header of zlib (RFC 1950) is a multiple of 31 that names method 8; some clients leave it out.
  const zlib = body.length > 1 && ((body[0] ?? 0) & 15) === 8 && body.readUInt16BE(0) % 31 === 0;
  return zlib ? promisify(inflate)(body, { maxOutputLength }) : promisify(inflateRaw)(body, { maxOutputLength });
}
