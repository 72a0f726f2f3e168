import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import * as shapes from './wire.ts';

const base = '/api/v1/projects/{project}/imports';
const ofProject = z.object({ project: z.string() });
/** Histories and spans come in large parts. */
const bodyLimit = 64 * 1024 * 1024;
const write = { method: 'post', action: 'runs:write', params: ofProject, bodyLimit } as const;

/** Where importers send what they read elsewhere. */
export function importEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      ...write,
      path: `${base}/experiments`,
      id: 'tracking.import-experiments',
      summary: 'Finds or makes the experiments of another tracking server',
      body: shapes.importExperimentsShape,
      result: shapes.placedExperimentsShape,
      handle: async ({ params, body, caller }) => ({
        items: await tracking.importExperiments({ actor: caller.actor }, { ...params, ...body }),
      }),
    }),
    endpoint({
      ...write,
      path: `${base}/runs`,
      id: 'tracking.import-runs',
      summary: 'Keeps runs with the ids, times and histories that they have elsewhere',
      body: shapes.importRunsShape,
      result: shapes.outcomesShape,
      handle: async ({ params, body, caller }) => ({
        items: await tracking.importRuns({ actor: caller.actor }, { ...params, ...body }),
      }),
    }),
    endpoint({
      ...write,
      path: `${base}/logged-models`,
      id: 'tracking.import-logged-models',
      summary: 'Keeps logged models with the ids and times that they have elsewhere',
      body: shapes.importLoggedModelsShape,
      result: shapes.outcomesShape,
      handle: async ({ params, body, caller }) => ({
        items: await tracking.importLoggedModels({ actor: caller.actor }, { ...params, ...body }),
      }),
    }),
    endpoint({
      ...write,
      path: `${base}/traces`,
      id: 'tracking.import-traces',
      summary: 'Keeps traces with the ids, spans and assessments that they have elsewhere',
      body: shapes.importTracesShape,
      result: shapes.outcomesShape,
      handle: async ({ params, body, caller }) => ({
        items: await tracking.importTraces({ actor: caller.actor }, { ...params, ...body }),
      }),
    }),
    endpoint({
      ...write,
      path: `${base}/deletions`,
      id: 'tracking.import-deletions',
      summary: 'Deletes imported runs and experiments as of when they were deleted elsewhere',
      body: shapes.deletionsShape,
      async handle({ params, body, caller }) {
        await tracking.deleteImported({ actor: caller.actor }, { ...params, ...body });
        return undefined;
      },
    }),
    ...progressEndpoints(tracking),
  ];
}

/** How far an import has come. */
function progressEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      ...write,
      path: `${base}/marks`,
      id: 'tracking.mark-imported',
      summary: 'Notes what was brought over completely',
      body: shapes.marksShape,
      async handle({ params, body: { marks, ...of } }) {
        await tracking.markImported({ ...params, ...of }, marks);
        return undefined;
      },
    }),
    endpoint({
      ...write,
      action: 'runs:read',
      path: `${base}/marks/find`,
      id: 'tracking.find-import-marks',
      summary: 'What was noted of things that were brought over',
      body: shapes.marksQueryShape,
      result: shapes.foundMarksShape,
      handle: async ({ params, body: { ids, ...of } }) => ({
        marks: Object.fromEntries(await tracking.importMarks({ ...params, ...of }, ids)),
      }),
    }),
    endpoint({
      ...write,
      action: 'runs:read',
      path: `${base}/counts`,
      id: 'tracking.count-imported-runs',
      summary: 'How many points, parameters, tags and artifacts of runs are here',
      body: shapes.countsQueryShape,
      result: shapes.runCountsShape,
      handle: async ({ params, body }) => ({ items: await tracking.countImportedRuns(params.project, body.runs) }),
    }),
  ];
}
