import { mediaTypeOf } from '#tracking/index.ts';
import { versionsFolder } from './location.ts';
import type { Workshop } from './service.ts';
import { findModelByNumber } from './store.ts';
import { assembleVersions } from './version-parts-store.ts';
import { findVersion } from './version-store.ts';

/** Shows the files of versions to clients of the artifact proxy, as they were registered: `<number of the model>/<version>/<file>`. */
export function shareVersions(workshop: Workshop): void {
  workshop.tracking.shareFiles(versionsFolder, async (project, path) => {
    const [, number, version, below = ''] = /^(\d{1,15})\/(\d{1,15})(?:\/(.*))?$/.exec(path) ?? [];
    if (number === undefined) return [];
    const model = await findModelByNumber(workshop.database, Number(number));
    const row = await findVersion(workshop.database, Number(number), Number(version));
    if (model?.project !== project || model.deleted_at !== null || row === undefined || row.deleted_at !== null) return [];
    const [whole] = await assembleVersions(workshop.database, model, [row]);
    return (whole?.files ?? [])
      .filter(({ name }) => below === '' || name === below || name.startsWith(`${below}/`))
      .map(({ name, digest, size }) => ({
        name: `${number}/${String(version)}/${name}`,
        digest,
        size,
        mediaType: mediaTypeOf(name),
        storedAt: row.registered_at,
      }));
  });
}
