import { present } from '#kernel/present.ts';
import { type ComparedRow, wireNumber } from '#tracking/index.ts';
import type { VersionComparison } from './compare-versions.ts';
import type { Lineage } from './lineage.ts';
import type { Model, ModelVersion, TensorSpec, VersionHeader } from './model.ts';
import type { Card } from './cards.ts';
import type { DeletedItem } from './recycle-bin.ts';
import type { CardWire, DeletedWire, LineageWire, ModelWire, ModelVersionWire, VersionHeaderWire, VersionComparisonWire } from './wire.ts';

/** Domain objects as JSON. */

export function wireModel(model: Model): ModelWire {
  return model;
}

export function wireDeleted(item: DeletedItem): DeletedWire {
  return present(item);
}

export function wireVersion(version: ModelVersion): ModelVersionWire {
  const { files, snapshots, location, inputExample } = version;
  return {
    ...wireHeader(version),
    location,
    ...(inputExample === undefined ? {} : { inputExample }),
    files: files.map((file) => ({ ...file })),
    snapshots: snapshots.map((snapshot) => ({ ...snapshot })),
  };
}

/** Members that only whole versions have are left out. */
export function wireHeader(version: VersionHeader): VersionHeaderWire {
  const { signature, aliases, ...rest } = version;
  const { project, model, kind, version: number, state, stage, digest, source, link, loggedModel, run, pipelineRun } = rest;
  const { codeDigest, environmentDigest, commit, trainer, description, registeredAt, updatedAt, tags, card } = rest;
  const origin = { source, link, loggedModel, run, pipelineRun, codeDigest, environmentDigest, commit, trainer };
  return {
    ...present({
      project,
      model,
      kind,
      version: number,
      state,
      stage,
      digest,
      ...origin,
      description,
      registeredAt,
      updatedAt,
      tags,
      card,
    }),
    aliases: [...aliases],
    ...(signature === undefined
      ? {}
      : {
          signature: {
            inputs: signature.inputs.map(wireTensor),
            outputs: signature.outputs.map(wireTensor),
            unservable: signature.unservable.map((value) => ({ ...value })),
          },
        }),
  };
}

function wireTensor(tensor: TensorSpec): { name: string; datatype: TensorSpec['datatype']; shape: number[] } {
  return { ...tensor, shape: [...tensor.shape] };
}

export function wireCard(card: Card): CardWire {
  return { ...present(card), sections: card.sections.map(present) };
}

export function wireLineage({ version, run, loggedModel, datasets, copiedFrom, copies, releases, deployments }: Lineage): LineageWire {
  const shown = run === undefined ? undefined : wireRun(run);
  return {
    version: wireVersion(version),
    ...(shown === undefined ? {} : { run: shown }),
    ...(loggedModel === undefined ? {} : { loggedModel }),
    datasets: datasets.map(({ dataset, digest, snapshot, context }) => present({ dataset, digest, snapshot, context })),
    ...(copiedFrom === undefined ? {} : { copiedFrom }),
    copies: copies.map((copy) => ({ ...copy })),
    releases: releases.map(present),
    deployments: deployments.map(present),
  };
}

function wireRun({ id, name, experiment, state, startedAt, finishedAt, computeTarget, dirty }: NonNullable<Lineage['run']>) {
  return present({ id, name, experiment, state, startedAt, finishedAt, computeTarget, dirty });
}

export function wireComparison(comparison: VersionComparison): VersionComparisonWire {
  const texts = (rows: readonly ComparedRow<string>[]) => rows.map((row) => ({ ...row, values: row.values.map((value) => value ?? null) }));
  const numbers = (rows: readonly ComparedRow<number>[]) =>
    rows.map((row) => ({ ...row, values: row.values.map((value) => (value === undefined ? null : wireNumber(value))) }));
  return {
    before: wireVersion(comparison.before),
    after: wireVersion(comparison.after),
    metrics: numbers(comparison.metrics),
    runMetrics: numbers(comparison.runMetrics),
    parameters: texts(comparison.parameters),
    signature: comparison.signature.map(({ before, after, ...change }) => ({
      ...change,
      ...(before === undefined ? {} : { before: wireTensor(before) }),
      ...(after === undefined ? {} : { after: wireTensor(after) }),
    })),
    schema: texts(comparison.schema),
    environment: texts(comparison.environment),
    snapshots: texts(comparison.snapshots),
    files: texts(comparison.files),
    origin: texts(comparison.origin),
  };
}
