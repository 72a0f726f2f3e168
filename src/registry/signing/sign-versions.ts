import type { Change, ChangeContext, EventDraft } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { systemActor } from '#kernel/events/index.ts';
import { type Digest, hexOf } from '#kernel/objects/index.ts';
import { source, versionSubject } from '../service.ts';
import { findModel } from '../store.ts';
import { signManifest } from './bundle.ts';
import type { KeyRing } from './key-ring.ts';
import { manifestOf } from './manifest.ts';
import { filesOf, insertSignature, rememberKey, type UnsignedVersion, unsignedVersions } from './signature-store.ts';

const atOnce = 100;
const arrivals: ReadonlySet<string> = new Set(['model.version.registered', 'model.version.imported']);

/**
 * Signs versions with the key of this home. The digests of a version's files are in its rows, so signing reads no file and happens in the
 * very change that registers the version.
 */
export function createSigner({ events, clock, keys }: Pick<Kernel, 'events' | 'clock'> & { readonly keys: KeyRing }) {
  async function sign(change: Change, of: UnsignedVersion): Promise<void> {
    const files = await filesOf(change, of);
    const manifest = manifestOf(
      `${of.name}-${of.version}`,
      // Digests in the table were made by the object store.
      files.map(({ name, digest }) => ({ name, digest: hexOf(digest as Digest) })),
    );
    if (manifest === undefined) return;
    const { id, privateKey, publicPem } = keys.current();
    const now = clock.now();
    await rememberKey(change, { id, pem: publicPem, createdAt: now });
    await insertSignature(change, of, { signing_key: id, signed_at: now, bundle: signManifest(privateKey, manifest) });
    const data = { model: of.name, version: of.version, key: id, root: manifest.root, files: manifest.files.length };
    change.emit({ type: 'model.version.signed', source, subject: versionSubject(of.project, of.name, of.version), data });
  }

  return {
    /** Signs each version that was registered or imported in the change. */
    attend: async (change: Change, said: readonly EventDraft[], { project }: ChangeContext): Promise<void> => {
      for (const { type, data } of said) {
        const { model: name, version } = data;
        if (!arrivals.has(type) || typeof name !== 'string' || typeof version !== 'number' || project === undefined) continue;
        const model = await findModel(change, project, name);
        if (model !== undefined) await sign(change, { model: model.number, version, project, name });
      }
    },

    /** Signs what an earlier Ripen registered; returns how many versions that were. */
    async catchUp(): Promise<number> {
      let after = { model: 0, version: 0 };
      let signed = 0;
      for (;;) {
        const found = await unsignedVersions(events.database, { after, limit: atOnce });
        for (const version of found) {
          await events.change({ actor: systemActor, project: version.project }, (change) => sign(change, version));
          signed += 1;
        }
        const last = found.at(-1);
        if (last === undefined) return signed;
        after = last;
      }
    },
  };
}

export type Signer = ReturnType<typeof createSigner>;
