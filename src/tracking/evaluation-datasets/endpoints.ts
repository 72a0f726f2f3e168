import { z } from 'zod';
import { type Caller, type Endpoint, endpoint } from '#kernel/http/index.ts';
import { parseFilterTree } from '../search/parse-filter.ts';
import { parseOrderTerms } from '../traces/parse-search.ts';
import type { EvaluationDatasetCommands } from './commands.ts';
import type { EvaluationDataset, EvaluationRecord, RecordDraft } from './model.ts';
import {
  evaluationDatasetShape,
  type EvaluationDatasetWire,
  evaluationRecordShape,
  type EvaluationRecordWire,
  recordDraftShape,
} from './wire.ts';

const base = '/api/v1/projects/{project}/evaluation-datasets';
const inProject = z.object({ project: z.string() });
const ofDataset = inProject.extend({ dataset: z.string() });

const contextOf = (caller: Caller, project: string) => ({ actor: caller.actor, project });

export function evaluationDatasetEndpoints(tracking: EvaluationDatasetCommands): Endpoint[] {
  return [...listEndpoints(tracking), ...oneEndpoints(tracking), ...recordEndpoints(tracking)];
}

function listEndpoints(tracking: EvaluationDatasetCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-evaluation-datasets',
      action: 'runs:read',
      summary: 'Evaluation datasets, the newest first',
      params: inProject,
      query: z.object({
        filter: z.string().optional(),
        order: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.string().optional(),
      }),
      result: z.object({ items: z.array(evaluationDatasetShape), next: z.string().optional() }),
      async handle({ params: { project }, query: { filter, order, limit, after } }) {
        const { items, next } = await tracking.findEvaluationDatasets({
          project,
          filter: filter === undefined ? undefined : parseFilterTree(filter),
          order: order === undefined ? undefined : parseOrderTerms(order),
          limit,
          after,
        });
        return { items: items.map(wireDataset), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.create-evaluation-dataset',
      action: 'runs:write',
      summary: 'Creates an evaluation dataset',
      params: inProject,
      body: z.object({
        name: z.string(),
        experiments: z.array(z.string()).optional(),
        tags: z.record(z.string(), z.string()).optional(),
      }),
      result: evaluationDatasetShape,
      status: 201,
      handle: async ({ params: { project }, body: { experiments, ...rest }, caller }) =>
        wireDataset(
          await tracking.createEvaluationDataset(contextOf(caller, project), {
            ...rest,
            project,
            experiments: experiments?.map((name) => ({ name })),
          }),
        ),
    }),
  ];
}

function oneEndpoints(tracking: EvaluationDatasetCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{dataset}`,
      id: 'tracking.get-evaluation-dataset',
      action: 'runs:read',
      summary: 'One evaluation dataset, without its records',
      params: ofDataset,
      result: evaluationDatasetShape,
      handle: async ({ params: { project, dataset: id } }) => wireDataset(await tracking.evaluationDataset({ project, id })),
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{dataset}`,
      id: 'tracking.delete-evaluation-dataset',
      action: 'runs:write',
      summary: 'Deletes an evaluation dataset with its records, for good',
      params: ofDataset,
      result: z.object({}),
      async handle({ params: { project, dataset: id }, caller }) {
        await tracking.deleteEvaluationDataset(contextOf(caller, project), { project, id });
        return {};
      },
    }),
  ];
}

function recordEndpoints(tracking: EvaluationDatasetCommands): Endpoint[] {
  const path = `${base}/{dataset}/records`;
  return [
    endpoint({
      method: 'get',
      path,
      id: 'tracking.list-evaluation-records',
      action: 'runs:read',
      summary: 'Records of an evaluation dataset in the order in which they came',
      params: ofDataset,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), after: z.string().optional() }),
      result: z.object({ items: z.array(evaluationRecordShape), next: z.string().optional() }),
      async handle({ params: { project, dataset: id }, query }) {
        const { items, next } = await tracking.evaluationRecords({ project, id }, query);
        return { items: items.map(wireRecord), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path,
      id: 'tracking.merge-evaluation-records',
      action: 'runs:write',
      summary: 'Merges records into an evaluation dataset: the same inputs are the same record',
      params: ofDataset,
      body: z.object({ records: z.array(recordDraftShape).max(50_000) }),
      result: z.object({ inserted: z.number(), updated: z.number() }),
      handle: async ({ params: { project, dataset }, body, caller }) =>
        // What was read from JSON is JSON.
        tracking.mergeEvaluationRecords(contextOf(caller, project), { project, dataset, records: body.records as RecordDraft[] }),
    }),
  ];
}

/** Members that are undefined disappear when they are written. */
function wireDataset(dataset: EvaluationDataset): EvaluationDatasetWire {
  return JSON.parse(JSON.stringify(dataset)) as EvaluationDatasetWire;
}

function wireRecord(record: EvaluationRecord): EvaluationRecordWire {
  return JSON.parse(JSON.stringify(record)) as EvaluationRecordWire;
}
