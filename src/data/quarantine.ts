import { isDeepStrictEqual } from 'node:util';
import type { EventDraft } from '#kernel/events/index.ts';
import type { DataDeps } from './deps.ts';
import { ensureDataset } from './catalogue.ts';
import { dataErrors } from './errors.ts';
import type { Inspection } from './inspect-load.ts';
import type { ContractOutcome, QuarantinedLoad } from './model.ts';
import type { Load } from './load.ts';
import { findQuarantine, insertQuarantine, listQuarantine } from './quarantine-store.ts';

const remembered = 50;

/** Keeps the file and the reasons of a refused load; gives its id. The same refusal again, as by a retry, is not kept twice. */
export async function quarantineLoad(
  { kernel: { clock, events, ids, objects } }: DataDeps,
  { context, request, source }: Load,
  refused: { inspection: Extract<Inspection, { accepted: false }>; outcome: ContractOutcome | undefined },
): Promise<string> {
  const { error, rows, result } = refused.inspection;
  const { project, dataset, producer } = request;
  const { code, message } = error('');
  const kept = await objects.putFile(request.file.path);
  const load: QuarantinedLoad = {
    id: ids.next(),
    project,
    dataset,
    reason: code.slice('data.'.length),
    message,
    source: { name: source.name, digest: kept.digest },
    bytes: kept.size,
    rows,
    contract: refused.outcome,
    failingRows: result?.failingRows ?? [],
    producer,
    quarantinedAt: clock.now(),
    quarantinedBy: context.actor,
  };
  return events.change(context, async (change) => {
    const recent = await listQuarantine(change, { project, dataset }, remembered);
    const same = recent.find((earlier) => isDeepStrictEqual(identity(earlier), identity(load)));
    if (same !== undefined) return same.id;
    await ensureDataset(change, { project, name: dataset, now: load.quarantinedAt });
    await insertQuarantine(change, load);
    change.emit(quarantinedEvent(load));
    return load.id;
  });
}

function identity({ source, producer, message, contract }: QuarantinedLoad) {
  return [source.digest, producer.kind, producer.id, message, contract?.digest];
}

function quarantinedEvent(load: QuarantinedLoad): EventDraft {
  const { id, project, dataset, reason, rows, source, producer } = load;
  const failedRules = (load.contract?.rules ?? [])
    .filter((rule) => !rule.passed)
    .map((rule) => [rule.column, rule.rule].filter(Boolean).join(' '));
  return {
    type: 'dataset.load.quarantined',
    source: 'data',
    subject: `projects/${project}/datasets/${dataset}/quarantine/${id}`,
    data: { dataset, quarantine: id, reason, failedRules, rows, file: source.name, producer: { ...producer } },
  };
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
