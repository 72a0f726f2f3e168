import type { Queryable } from '#kernel/database/index.ts';
import type { PublicSigningKey, SignedFile, SigningKeyId } from './model.ts';

interface SigningTables {
  model_signing_keys: { id: string; public_pem: string; created_at: number; retired_at: number | null };
  /** `bundle` is the JSON text of the sigstore bundle. */
  model_signatures: { model: number; version: number; signing_key: string; signed_at: number; bundle: string };
  registered_models: { number: number; project: string; name: string; deleted_at: number | null };
  model_version_files: { model: number; version: number; name: string; digest: string };
}

export interface SignatureRow {
  readonly signing_key: string;
  readonly signed_at: number;
  readonly bundle: string;
}

export async function rememberKey(tx: Queryable, key: { id: SigningKeyId; pem: string; createdAt: number }): Promise<void> {
  await tx
    .query<SigningTables>()
    .insertInto('model_signing_keys')
    .values({ id: key.id, public_pem: key.pem, created_at: key.createdAt, retired_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function retireKey(tx: Queryable, id: SigningKeyId, now: number): Promise<void> {
  await tx
    .query<SigningTables>()
    .updateTable('model_signing_keys')
    .set({ retired_at: now })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .execute();
}

/** Newest first. */
export async function listKeys(from: Queryable): Promise<PublicSigningKey[]> {
  const rows = await from
    .query<SigningTables>()
    .selectFrom('model_signing_keys')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id as SigningKeyId,
    pem: row.public_pem,
    createdAt: row.created_at,
    retiredAt: row.retired_at ?? undefined,
  }));
}

export async function findKey(from: Queryable, id: string): Promise<PublicSigningKey | undefined> {
  return (await listKeys(from)).find((key) => key.id === id);
}

export async function insertSignature(tx: Queryable, of: { model: number; version: number }, signature: SignatureRow): Promise<void> {
  await tx
    .query<SigningTables>()
    .insertInto('model_signatures')
    .values({ model: of.model, version: of.version, ...signature })
    .onConflict((conflict) => conflict.columns(['model', 'version']).doNothing())
    .execute();
}

export async function findSignature(from: Queryable, of: { model: number; version: number }): Promise<SignatureRow | undefined> {
  return from
    .query<SigningTables>()
    .selectFrom('model_signatures')
    .select(['signing_key', 'signed_at', 'bundle'])
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .executeTakeFirst();
}

export async function filesOf(from: Queryable, of: { model: number; version: number }): Promise<SignedFile[]> {
  return from
    .query<SigningTables>()
    .selectFrom('model_version_files')
    .select(['name', 'digest'])
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .execute();
}

export interface UnsignedVersion {
  readonly model: number;
  readonly version: number;
  readonly project: string;
  readonly name: string;
}

/** Versions with files and without a signature, after the one given. */
export async function unsignedVersions(
  from: Queryable,
  page: { after: { model: number; version: number }; limit: number },
): Promise<UnsignedVersion[]> {
  return from
    .query<SigningTables>()
    .selectFrom('model_version_files as file')
    .innerJoin('registered_models as registered', 'registered.number', 'file.model')
    .leftJoin('model_signatures as signature', (join) =>
      join.onRef('signature.model', '=', 'file.model').onRef('signature.version', '=', 'file.version'),
    )
    .select(['file.model', 'file.version', 'registered.project', 'registered.name'])
    .distinct()
    .where('signature.model', 'is', null)
    .where((where) =>
      where.or([
        where('file.model', '>', page.after.model),
        where.and([where('file.model', '=', page.after.model), where('file.version', '>', page.after.version)]),
      ]),
    )
    .orderBy('file.model')
    .orderBy('file.version')
    .limit(page.limit)
    .execute();
}
