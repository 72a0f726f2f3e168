import type { DataDeps } from './deps.ts';
import { ensureDataset } from './catalogue.ts';
import { dataErrors } from './errors.ts';
import type { Inspection } from './inspect-load.ts';
import type { ContractOutcome, QuarantinedLoad } from './model.ts';
import type { Load } from './load.ts';
import { findQuarantine, insertQuarantine, listQuarantine } from './quarantine-store.ts';

const remembered = 50;

/** The record of the same refusal before: a load that is tried again must not fill the quarantine. */
export async function earlierQuarantine(
  { kernel }: DataDeps,
  { request, source, contractDigest }: Load,
): Promise<QuarantinedLoad | undefined> {
  const recent = await listQuarantine(kernel.events.database, request, remembered);
  return recent.find(
    (load) =>
      load.source.digest === source.digest &&
      load.producer.kind === request.producer.kind &&
      load.producer.id === request.producer.id &&
      load.contract?.digest === contractDigest,
  );
}

/** Keeps the file and the reasons of a refused load. */
export async function quarantineLoad(
  { kernel: { clock, events, objects } }: DataDeps,
  { context, request, source }: Load,
  refused: { id: string; inspection: Extract<Inspection, { accepted: false }>; outcome: ContractOutcome | undefined },
): Promise<QuarantinedLoad> {
  const { error, rows, result } = refused.inspection;
  const { project, dataset, producer } = request;
  const kept = await objects.putFile(request.file.path);
  const load: QuarantinedLoad = {
    id: refused.id,
    project,
    dataset,
    reason: error.code.slice('data.'.length),
    message: error.message,
    source: { name: source.name, digest: kept.digest },
    bytes: kept.size,
    rows,
    contract: refused.outcome,
    failingRows: result?.failingRows ?? [],
    producer,
    quarantinedAt: clock.now(),
    quarantinedBy: context.actor,
  };
  const failedRules = (result?.rules ?? [])
    .filter((rule) => !rule.passed)
    .map((rule) => [rule.column, rule.rule].filter(Boolean).join(' '));
  await events.change(context, async (change) => {
    await ensureDataset(change, { project, name: dataset, now: load.quarantinedAt });
    await insertQuarantine(change, load);
    change.emit({
      type: 'dataset.load.quarantined',
      source: 'data',
      subject: `projects/${project}/datasets/${dataset}/quarantine/${load.id}`,
      data: { dataset, quarantine: load.id, reason: load.reason, failedRules, rows, file: source.name, producer: { ...producer } },
    });
  });
  return load;
}

export function createQuarantine({ kernel: { events } }: DataDeps) {
  return {
    /** Newest first. */
    list: (project: string, dataset: string, limit = 100): Promise<QuarantinedLoad[]> =>
      listQuarantine(events.database, { project, dataset }, limit),
    /** Throws `data.quarantine-not-found`. */
    async get(project: string, dataset: string, id: string): Promise<QuarantinedLoad> {
      const found = await findQuarantine(events.database, { project, dataset }, id);
      if (found === undefined) throw dataErrors['quarantine-not-found']({ dataset, quarantine: id });
      return found;
    },
  };
}
