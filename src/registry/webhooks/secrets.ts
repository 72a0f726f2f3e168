import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readKeyFile } from '../key-file.ts';
import { webhookErrors } from './errors.ts';

/** Keeps the secrets of webhooks: AES-256-GCM with a key that lies in the home and not in the database. */
export interface SecretBox {
  /** `of` is bound to the text: it opens for nothing else. */
  seal(secret: string, of: string): string;
  /** @throws `webhooks.secret-unreadable` */
  open(sealed: string, of: string): string;
}

const algorithm = 'aes-256-gcm';
const version = 'v1.';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export function openSecretBox(home: string): SecretBox {
  let key: Buffer | undefined;
  const theKey = () => (key ??= readKey(join(home, 'keys', 'webhooks.key')));
  return {
    seal(secret, of) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, theKey(), nonce).setAAD(Buffer.from(of));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return version + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(sealed, of) {
      try {
        const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
        const decipher = createDecipheriv(algorithm, theKey(), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(of))
          .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw webhookErrors['secret-unreadable']({ webhook: of }, error);
      }
    },
  };
}

function readKey(file: string): Buffer {
  const key = Buffer.from(readKeyFile(file, () => `${randomBytes(keyBytes).toString('hex')}\n`).trim(), 'hex');
  if (key.length !== keyBytes) throw new Error(`${file} holds no key of ${keyBytes} bytes`);
  return key;
}
