import { basename } from 'node:path';
import type { ChangeContext } from '#kernel/events/index.ts';
import { parseContract } from './contract/parse-contract.ts';
import type { DataDeps } from './deps.ts';
import { digestFile } from './digest-file.ts';
import { type Inspection, inspectLoad } from './inspect-load.ts';
import type { Load, Published, PublishRequest } from './load.ts';
import { placeSnapshot, prepareSnapshot } from './make-snapshot.ts';
import { checkDatasetName, type ContractOutcome, type Snapshot } from './model.ts';
import { quarantineLoad } from './quarantine.ts';
import { findLoad, findSnapshot } from './snapshot-store.ts';
import { createTurns } from './turns.ts';
import type { WorkDirectory } from '#kernel/work-directory.ts';

export function createPublish(deps: DataDeps, work: WorkDirectory) {
  const { events, objects } = deps.kernel;
  const take = createTurns();

  /**
   * Checks a file and makes it the next snapshot of a dataset. A file that cannot be read or breaks its contract is quarantined and thrown as
   * its `data.*` error; nothing is published then. Throws `data.contract-invalid` before it looks at the file.
   */
  return async function publish(context: ChangeContext, request: PublishRequest): Promise<Published> {
    const { project, dataset, file, contract, producer } = request;
    checkDatasetName(dataset);
    await deps.projects.project(project);
    const name = file.name ?? basename(file.path);
    const rules = contract && { rules: parseContract(contract.text, contract.name), name: contract.name };
    const source = { name, digest: await digestFile(file.path, name) };
    return take(`${project}/${dataset}`, async () => {
      const known = await findLoad(events.database, { project, dataset, producer, source: source.digest });
      if (known !== undefined) return { snapshot: known, created: false };
      const contractDigest = contract && (await objects.put(contract.text)).digest;
      const load: Load = { context: { ...context, project }, request, source, contract: rules, contractDigest };
      for (;;) {
        const published = await work.within((directory) => publishOnce(deps, load, directory));
        if (published !== undefined) return published;
      }
    });
  };
}

/** Undefined when another server has published in the meantime: everything was decided against a parent that is no longer the newest. */
async function publishOnce(deps: DataDeps, load: Load, directory: string): Promise<Published | undefined> {
  const { analytics, clock, events, objects } = deps.kernel;
  const { project, dataset, file, mode } = load.request;
  const parent = await findSnapshot(events.database, project, dataset);
  const inspection = await inspectLoad(
    { analytics, objects, now: clock.now() },
    {
      file: { path: file.path, name: load.source.name, format: file.format },
      mode,
      dataset,
      parent,
      contract: load.contract,
      referenced: await referencedSnapshots(deps, load),
      directory,
    },
  );
  const outcome = contractOutcome(load, inspection);
  if (!inspection.accepted) {
    throw inspection.error(await quarantineLoad(deps, load, { inspection, outcome }));
  }
  const snapshot = await prepareSnapshot(deps, load, { parent, inspection, outcome });
  return events.change(load.context, (change) => placeSnapshot(change, snapshot));
}

async function referencedSnapshots({ kernel }: DataDeps, { contract, request }: Load): Promise<ReadonlyMap<string, Snapshot>> {
  const found = new Map<string, Snapshot>();
  for (const { references } of contract?.rules.columns ?? []) {
    if (references === undefined || found.has(references.dataset)) continue;
    const snapshot = await findSnapshot(kernel.events.database, request.project, references.dataset);
    if (snapshot !== undefined) found.set(references.dataset, snapshot);
  }
  return found;
}

function contractOutcome({ contractDigest }: Load, { result }: Inspection): ContractOutcome | undefined {
  return result === undefined || contractDigest === undefined
    ? undefined
    : { digest: contractDigest, passed: result.passed, rules: result.rules };
}
