import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { requireVersion, source, type VersionAddress } from '../service.ts';
import { signingErrors } from './errors.ts';
import { type KeyRing, openKeyRing } from './key-ring.ts';
import type { PublicSigningKey, Verification } from './model.ts';
import { findKey, findSignature, listKeys, rememberKey, retireKey } from './signature-store.ts';
import { createSigner, type Signer } from './sign-versions.ts';
import { verifyVersion } from './verify-version.ts';

export type SigningDeps = Pick<Kernel, 'clock' | 'events' | 'objects' | 'home' | 'log'>;

/** Signatures of model versions: made with the key of this home, read and verified by anybody. */
export function createSignatures(deps: SigningDeps) {
  const keys = openKeyRing(deps.home);
  const signer = createSigner({ ...deps, keys });
  return { signer, ...signatureCommands(deps, keys), start: () => catchUp(deps, signer) };
}

export type Signatures = ReturnType<typeof createSignatures>;

function signatureCommands({ events, objects, clock }: SigningDeps, keys: KeyRing) {
  const { database } = events;

  /** The public key of this home is known before it has signed anything. */
  async function currentKey(): Promise<PublicSigningKey> {
    const { id, publicPem } = keys.current();
    const known = await findKey(database, id);
    if (known !== undefined) return known;
    const key = { id, pem: publicPem, createdAt: clock.now() };
    await database.transaction((tx) => rememberKey(tx, key));
    return { ...key, retiredAt: undefined };
  }

  return {
    /** With `bytes` the stored files are hashed again. @throws `registry.version-not-found` and the like */
    async verify(address: VersionAddress & { bytes: boolean }): Promise<Verification> {
      const { row } = await requireVersion(database, address);
      return verifyVersion(database, objects, { model: row.model, version: row.version, bytes: address.bytes });
    },

    /** The sigstore bundle as JSON text. @throws `registry.not-signed` */
    async bundle(address: VersionAddress): Promise<string> {
      const { model, row } = await requireVersion(database, address);
      const signature = await findSignature(database, row);
      if (signature === undefined) throw signingErrors['not-signed']({ model: model.name, version: row.version });
      return signature.bundle;
    },

    async signingKeys(): Promise<{ readonly current: PublicSigningKey; readonly keys: readonly PublicSigningKey[] }> {
      const current = await currentKey();
      return { current, keys: await listKeys(database) };
    },

    /** By id, or `current`. @throws `registry.signing-key-not-found` */
    async signingKey(id: string): Promise<PublicSigningKey> {
      const found = id === 'current' ? await currentKey() : await findKey(database, id);
      if (found === undefined) throw signingErrors['signing-key-not-found']({ key: id.slice(0, 100) });
      return found;
    },

    /** Makes a new key, with which everything is signed from now on; emits `model-signing.key-rotated`. */
    async rotateSigningKey(context: ChangeContext): Promise<PublicSigningKey> {
      const old = await currentKey();
      const { id, publicPem } = keys.rotate();
      const now = clock.now();
      await events.change(context, async (change) => {
        await rememberKey(change, { id, pem: publicPem, createdAt: now });
        await retireKey(change, old.id, now);
        change.emit({ type: 'model-signing.key-rotated', source, subject: 'signing-keys', data: { key: id, retired: old.id } });
      });
      return { id, pem: publicPem, createdAt: now, retiredAt: undefined };
    },
  };
}

/** Signs what was registered before there were signatures. What cannot be signed now is tried again at the next start. */
async function catchUp({ log }: SigningDeps, signer: Signer): Promise<void> {
  const signed = await signer.catchUp();
  if (signed > 0) log.info({ versions: signed }, 'model versions of an earlier Ripen were signed');
}
