import type { ChangeContext } from '#kernel/events/index.ts';
import type { Workshop } from '../service.ts';
import * as datasets from './datasets.ts';
import { mergeRecords, removeRecords } from './merge-records.ts';

type At = datasets.DatasetAddress;

/** Everything that can be asked of evaluation datasets. */
export function evaluationDatasetCommands(workshop: Workshop) {
  return {
    createEvaluationDataset: (context: ChangeContext, input: Parameters<typeof datasets.createDataset>[2]) =>
      datasets.createDataset(workshop, context, input),
    evaluationDataset: (at: At) => datasets.getDataset(workshop, at),
    findEvaluationDatasets: (search: datasets.DatasetSearch) => datasets.findDatasets(workshop, search),
    tagEvaluationDataset: (context: ChangeContext, at: At, tags: Readonly<Record<string, string | undefined>>) =>
      datasets.tagDataset(workshop, context, at, tags),
    useEvaluationDataset: (context: ChangeContext, at: At, use: Parameters<typeof datasets.useDataset>[3]) =>
      datasets.useDataset(workshop, context, at, use),
    deleteEvaluationDataset: (context: ChangeContext, at: At) => datasets.removeDataset(workshop, context, at),
    evaluationRecords: (at: At, page: { after?: string | undefined; limit: number }) => datasets.recordsOf(workshop, at, page),
    mergeEvaluationRecords: (context: ChangeContext, merge: Parameters<typeof mergeRecords>[2]) => mergeRecords(workshop, context, merge),
    deleteEvaluationRecords: (context: ChangeContext, removal: Parameters<typeof removeRecords>[2]) =>
      removeRecords(workshop, context, removal),
  };
}

export type EvaluationDatasetCommands = ReturnType<typeof evaluationDatasetCommands>;
