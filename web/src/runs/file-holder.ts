import type { TablePreviewWire } from '#tracking/table/wire.ts';
import type { FolderEntryWire } from '#tracking/wire.ts';
import { keepPreviousData } from '@tanstack/react-query';
import { pathOf } from '../api/client.ts';
import type { Page } from '../api/pages.ts';
import { apiQuery } from '../api/queries.ts';

/** What has files: a run, or a model that a run logged. */
export interface FileHolder {
  readonly kind: 'run' | 'logged-model';
  readonly project: string;
  readonly id: string;
}

function base({ kind, project, id }: FileHolder): string {
  return kind === 'run' ? pathOf`/projects/${project}/runs/${id}` : pathOf`/projects/${project}/logged-models/${id}`;
}

export const folderQuery = (holder: FileHolder, folder: string) =>
  apiQuery<Page<FolderEntryWire>>('runs', `${base(holder)}/${holder.kind === 'run' ? 'artifacts' : 'files'}`, { folder, limit: 1000 });

export const filePath = (holder: FileHolder, name: string) =>
  base(holder) + (holder.kind === 'run' ? pathOf`/artifacts/${name}` : pathOf`/files/${name}`);

export const zipPath = (holder: FileHolder) => `${base(holder)}/${holder.kind === 'run' ? 'artifacts-zip' : 'zip'}`;

export const tableQuery = (holder: FileHolder, query: { readonly artifact: string; readonly offset: number; readonly limit: number }) => ({
  ...apiQuery<TablePreviewWire>('runs', `${base(holder)}/artifact-table`, query),
  placeholderData: keepPreviousData,
});

/** How MLflow's clients call the model in a folder. */
export function modelUri({ kind, id }: FileHolder, folder: string): string {
  return kind === 'run' ? `runs:/${id}/${folder}` : `models:/${id}`;
}
