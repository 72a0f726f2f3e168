import type { DatasetWire, LineageWire, ProfileWire, QuarantineWire, RowPageWire, SchemaDiffWire, SnapshotWire } from '#data/wire.ts';
import { pathOf } from '../api/client.ts';
import { apiQuery } from '../api/queries.ts';

interface List<Item> {
  readonly items: readonly Item[];
}

export interface DatasetAddress {
  readonly project: string;
  readonly dataset: string;
}

export interface SnapshotAddress extends DatasetAddress {
  readonly snapshot: number;
}

export type ProfileScope = 'load' | 'all';

export const datasetsQuery = (project: string) => apiQuery<List<DatasetWire>>('data', pathOf`/projects/${project}/datasets`);

export const datasetPath = ({ project, dataset }: DatasetAddress) => pathOf`/projects/${project}/datasets/${dataset}`;
const snapshotPath = ({ project, dataset, snapshot }: SnapshotAddress) =>
  pathOf`/projects/${project}/datasets/${dataset}/snapshots/${snapshot}`;

export const datasetQuery = (of: DatasetAddress) => apiQuery<DatasetWire>('data', datasetPath(of));
export const snapshotsQuery = (of: DatasetAddress, limit = 500) =>
  apiQuery<List<SnapshotWire>>('data', `${datasetPath(of)}/snapshots`, { limit });
export const quarantineQuery = (of: DatasetAddress) =>
  apiQuery<List<QuarantineWire>>('data', `${datasetPath(of)}/quarantine`, { limit: 500 });

/** A snapshot never changes, so nothing of it is read twice. Who read it is another matter: see `lineageQuery`. */
const forever = { staleTime: Number.POSITIVE_INFINITY } as const;

export const profileQuery = (of: SnapshotAddress, scope: ProfileScope) => ({
  ...apiQuery<ProfileWire>('data', `${snapshotPath(of)}/profile`, { scope }),
  ...forever,
});
export const rowsQuery = (of: SnapshotAddress, page: { readonly offset: number; readonly limit: number }) => ({
  ...apiQuery<RowPageWire>('data', `${snapshotPath(of)}/rows`, { ...page }),
  ...forever,
});
export const schemaDiffQuery = (of: SnapshotAddress, from: number) => ({
  ...apiQuery<SchemaDiffWire>('data', `${snapshotPath(of)}/schema-diff`, { from }),
  ...forever,
});
export const lineageQuery = (of: SnapshotAddress) => apiQuery<LineageWire>('data', `${snapshotPath(of)}/lineage`);
