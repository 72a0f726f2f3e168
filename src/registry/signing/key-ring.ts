import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { readKeyFile, replaceKeyFile } from '../key-file.ts';
import { keyIdOf, publicPemOf } from './bundle.ts';
import { signingErrors } from './errors.ts';
import type { SigningKeyId } from './model.ts';

export interface SigningKey {
  readonly id: SigningKeyId;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

/** The private key of this home. */
export interface KeyRing {
  /** Made when there is none. @throws `registry.signing-key-broken` */
  current(): SigningKey;
  /** Makes a new key and forgets the old one: what it signed is verified with its public key, which stays known. */
  rotate(): SigningKey;
}

export function openKeyRing(home: string): KeyRing {
  const file = join(home, 'keys', 'model-signing.pem');
  let key: SigningKey | undefined;

  function load(): SigningKey {
    try {
      const privateKey = createPrivateKey(readKeyFile(file, newKey));
      const publicPem = publicPemOf(privateKey);
      return { id: keyIdOf(publicPem), privateKey, publicPem };
    } catch (error) {
      throw signingErrors['signing-key-broken']({ file, problem: error instanceof Error ? error.message : String(error) }, error);
    }
  }

  const current = () => (key ??= load());
  return {
    current,
    rotate() {
      replaceKeyFile(file, newKey());
      key = undefined;
      return current();
    },
  };
}

function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
}
