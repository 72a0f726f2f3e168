import type { DatasetSummary } from './catalogue.ts';
import type { QuarantinedLoad, Snapshot } from './model.ts';
import type { DatasetWire, QuarantineWire, SnapshotWire } from './wire.ts';

export function snapshotToWire({ project: _project, profile: _profile, ...snapshot }: Snapshot): SnapshotWire {
  return { ...snapshot, publishedBy: { ...snapshot.publishedBy } };
}

export function datasetToWire({ dataset, newest, quarantined }: DatasetSummary): DatasetWire {
  const { project: _project, ...entry } = dataset;
  if (newest === undefined) return { ...entry, quarantined };
  const { number, rows, files, schema, publishedAt, contract } = newest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const checked = contract && { passed: contract.passed, rules: contract.rules.length };
  return { ...entry, quarantined, newest: { number, rows, bytes, columns: schema.length, publishedAt, contract: checked } };
}

export function quarantineToWire({ project: _project, ...load }: QuarantinedLoad): QuarantineWire {
  return { ...load, quarantinedBy: { ...load.quarantinedBy } };
}
