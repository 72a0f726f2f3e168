import type { Rooms } from '../deps.ts';
import { type Monitor, monitoringSource, type PredictionFile } from '../model.ts';
import { listFiles, markDamaged } from '../predictions/prediction-store.ts';

/** Marks the prediction files whose bytes are gone or changed, so that they are left out and shown; false when all are well. */
export async function setAsideDamaged({ kernel }: Rooms, monitor: Monitor): Promise<boolean> {
  const damaged: PredictionFile[] = [];
  for (const file of await listFiles(kernel.database, monitoringSource(monitor))) {
    const isWell = (await kernel.objects.has(file.digest)) && (await kernel.objects.verify(file.digest));
    if (!isWell) damaged.push(file);
  }
  if (damaged.length === 0) return false;
  await kernel.database.transaction((tx) =>
    markDamaged(
      tx,
      damaged.map(({ id }) => id),
    ),
  );
  const { project, deployment } = monitor;
  kernel.log.error({ project, deployment, digests: damaged.map(({ digest }) => digest) }, 'prediction files are damaged and left out');
  return true;
}
