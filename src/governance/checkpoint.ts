import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Signed checkpoints of the event log, as signed notes of the C2SP tlog-checkpoint and signed-note formats: origin, size, base64 root, a
 * blank line and an Ed25519 signature line. Kept as files beside the database, so that rewriting the database alone shows.
 */
export interface Checkpoint {
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
}

export interface CheckpointStore {
  write(checkpoint: Checkpoint): void;
  /** The size of the newest one, whether or not its signature holds. It is remembered, so that a long log is signed as fast as a short one. */
  newest(): number | undefined;
  /** All checkpoints by size; one whose signature does not hold has no root. */
  read(): readonly { readonly size: number; readonly root: string | undefined }[];
}

const origin = 'ripen.dev/event-log';
const ed25519Algorithm = 1;

export function openCheckpoints(home: string): CheckpointStore {
  const directory = join(home, 'checkpoints');
  mkdirSync(directory, { recursive: true });
  const key = openKey(join(home, 'keys'));
  const list = () =>
    readdirSync(directory)
      .filter((file) => file.endsWith('.txt'))
      .sort();
  const last = list().at(-1);
  let newest = last === undefined ? undefined : sizeOf(last);
  return {
    write({ size, root }) {
      const text = `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
      const signature = Buffer.concat([keyHash(key), sign(null, Buffer.from(text), key)]);
      writeFileSync(join(directory, `${String(size).padStart(12, '0')}.txt`), `${text}\n— ${origin} ${signature.toString('base64')}\n`, {
        mode: 0o444,
        flag: 'w',
      });
      newest = Math.max(size, newest ?? 0);
    },
    newest: () => newest,
    read: () => list().map((file) => parse(readFileSync(join(directory, file), 'utf8'), sizeOf(file), key)),
  };
}

function sizeOf(file: string): number {
  return Number(file.slice(0, -'.txt'.length));
}

function parse(note: string, size: number, key: KeyObject): { size: number; root: string | undefined } {
  const [text = '', signatures = ''] = note.split('\n\n');
  const [line = ''] = signatures.split('\n');
  const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(4);
  const [, signedSize, root = ''] = text.split('\n');
  const holds = Number(signedSize) === size && verify(null, Buffer.from(`${text}\n`), createPublicKey(key), signature);
  return { size, root: holds ? Buffer.from(root, 'base64').toString('hex') : undefined };
}

function keyHash(key: KeyObject): Buffer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  return createHash('sha256').update(`${origin}\n`).update(Uint8Array.of(ed25519Algorithm)).update(publicKey).digest().subarray(0, 4);
}

function openKey(directory: string): KeyObject {
  const file = join(directory, 'event-log.pem');
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return privateKey;
}
