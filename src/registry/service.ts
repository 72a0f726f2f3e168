import type { Kernel } from '#kernel/kernel.ts';
import type { Queryable } from '#kernel/database/index.ts';
import type { Projects, Tracking } from '#tracking/index.ts';
import { findAlias } from './alias-store.ts';
import { registryErrors } from './errors.ts';
import { parseVersion } from './names.ts';
import { findModel, type ModelRow } from './store.ts';
import { findVersion, type LightVersionRow, newestVersions } from './version-store.ts';

export interface RegistryDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'events' | 'home' | 'ids' | 'jobs' | 'log' | 'objects'> & {
    readonly settings: Pick<Kernel['settings'], 'registryRetention' | 'webhooksSchemes' | 'webhooksPrivateAddresses'>;
  };
  readonly identity: Projects;
  readonly tracking: TrackingPart;
}

/** What the registry asks of tracking. */
export type TrackingPart = Pick<Tracking, 'run' | 'files' | 'shareFiles' | 'resolveArtifactPath' | 'loggedModel' | 'tagLoggedModel'>;

/** What the commands work with. */
export interface Workshop extends Pick<Kernel, 'clock' | 'events' | 'objects' | 'database'> {
  readonly projects: Projects;
  readonly tracking: TrackingPart;
  /** How long the recycle bin keeps what was deleted. */
  readonly retentionDays: number;
}

export const source = 'registry';

/** A version by number, `@alias` or `latest`. */
export interface VersionAddress {
  readonly project: string;
  readonly model: string;
  readonly version: string | number;
}

export function modelSubject(project: string, model: string): string {
  return `projects/${project}/models/${model}`;
}

export function versionSubject(project: string, model: string, version: number): string {
  return `${modelSubject(project, model)}/versions/${version}`;
}

/** @throws `registry.model-not-found` */
export async function requireModel(from: Queryable, project: string, model: string): Promise<ModelRow> {
  const row = await findModel(from, project, model);
  if (row === undefined) throw registryErrors['model-not-found']({ project, model });
  return row;
}

/** @throws `registry.model-not-found`, `registry.version-not-found`, `registry.alias-not-found`, `registry.version-invalid` */
export async function requireVersion(from: Queryable, address: VersionAddress): Promise<{ model: ModelRow; row: LightVersionRow }> {
  const reference = parseVersion(address.version);
  const model = await requireModel(from, address.project, address.model);
  const version =
    reference === 'latest'
      ? await newest(from, model)
      : 'version' in reference
        ? reference.version
        : await aliased(from, model, reference.alias);
  const row = await findVersion(from, model.number, version);
  if (row === undefined) throw registryErrors['version-not-found']({ model: model.name, version });
  if (row.deleted_at !== null) throw registryErrors['version-deleted']({ model: model.name, version });
  return { model, row };
}

async function newest(from: Queryable, model: ModelRow): Promise<number> {
  return (await newestVersions(from, [model.number])).get(model.number) ?? 0;
}

async function aliased(from: Queryable, model: ModelRow, alias: string): Promise<number> {
  const version = await findAlias(from, model.number, alias);
  if (version === undefined) throw registryErrors['alias-not-found']({ model: model.name, alias });
  return version;
}
