import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { signingErrors } from './errors.ts';
import { keyIdOf, publicPemOf } from './bundle.ts';
import type { SigningKeyId } from './model.ts';

export interface SigningKey {
  readonly id: SigningKeyId;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

/** The private key of this home, in a file that only its owner may read. */
export interface KeyRing {
  /** Made when there is none. @throws `registry.signing-key-broken` */
  current(): SigningKey;
  /** Makes a new key and forgets the old one: what it signed is verified with its public key, which stays known. */
  rotate(): SigningKey;
}

export function openKeyRing(home: string): KeyRing {
  const directory = join(home, 'keys');
  const file = join(directory, 'model-signing.pem');
  let key: SigningKey | undefined;

  function fresh(): string {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const draft = `${file}.${process.pid}.new`;
    rmSync(draft, { force: true });
    writeDurably(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return draft;
  }

  function create(): void {
    const draft = fresh();
    try {
      // Unlike a rename this leaves a key that somebody else has just made.
      linkSync(draft, file);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      rmSync(draft);
    }
  }

  function load(): SigningKey | undefined {
    let pem: string;
    try {
      pem = readFileSync(file, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw signingErrors['signing-key-broken']({ file, problem: String(error) }, error);
    }
    try {
      const privateKey = createPrivateKey(pem);
      const publicPem = publicPemOf(privateKey);
      return { id: keyIdOf(publicPem), privateKey, publicPem };
    } catch (error) {
      throw signingErrors['signing-key-broken']({ file, problem: error instanceof Error ? error.message : String(error) }, error);
    }
  }

  function current(): SigningKey {
    key ??= load();
    if (key !== undefined) return key;
    create();
    key = load();
    if (key === undefined) throw signingErrors['signing-key-broken']({ file, problem: 'it vanished' });
    return key;
  }

  return {
    current,
    rotate() {
      renameSync(fresh(), file);
      key = undefined;
      return current();
    },
  };
}

/** Complete on the disk before anything is signed with it. */
function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
