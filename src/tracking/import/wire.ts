import { z } from 'zod';
import { sourceKinds, traceStates } from '../traces/words.ts';
import { inputShape, numberShape, readNumber } from '../wire.ts';
import { markKinds } from './model.ts';

/** The JSON of imports. Times are epoch milliseconds; what is absent is left out. */

const labels = z.record(z.string(), z.string());
const runModel = z.object({ model: z.string(), step: z.int().optional() });

export const importExperimentsShape = z.object({
  source: z.string().min(1).max(500),
  experiments: z
    .array(
      z.object({
        id: z.string().max(64),
        name: z.string(),
        artifactLocation: z.string().optional(),
        createdAt: z.int(),
        updatedAt: z.int(),
        tags: labels,
      }),
    )
    .max(500),
});

export const placedExperimentsShape = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      experimentId: z.string(),
      sequence: z.number(),
      name: z.string(),
      imported: z.boolean(),
      created: z.boolean(),
      deleted: z.boolean(),
    }),
  ),
});

const series = z
  .object({
    name: z.string(),
    steps: z.array(z.int()),
    times: z.array(z.int()),
    values: z.array(numberShape.transform(readNumber)),
    modelId: z.string().optional(),
    datasetName: z.string().optional(),
    datasetDigest: z.string().optional(),
  })
  .refine(({ steps, times, values }) => steps.length === times.length && times.length === values.length, {
    message: 'steps, times and values must be equally long',
  });

export const importRunsShape = z.object({
  runs: z
    .array(
      z.object({
        id: z.string(),
        experiment: z.int().min(0),
        name: z.string().optional(),
        state: z.enum(['scheduled', 'running', 'finished', 'failed', 'killed']),
        startedAt: z.int(),
        finishedAt: z.int().optional(),
        user: z.string().optional(),
        parentRun: z.string().optional(),
        commit: z.string().optional(),
        tags: labels,
        parameters: labels,
        inputs: z.array(inputShape),
        inputModels: z.array(runModel),
        outputModels: z.array(runModel),
        metrics: z.array(series),
      }),
    )
    .max(500),
});

export const importLoggedModelsShape = z.object({
  models: z
    .array(
      z.object({
        id: z.string(),
        experiment: z.int().min(0),
        name: z.string(),
        state: z.enum(['pending', 'ready', 'upload-failed']),
        modelType: z.string().optional(),
        sourceRun: z.string().optional(),
        createdAt: z.int(),
        updatedAt: z.int(),
        parameters: labels,
        tags: labels,
      }),
    )
    .max(500),
});

const value = z.json();
const content = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('feedback'),
    value,
    error: z.object({ code: z.string(), message: z.string().optional(), stack: z.string().optional() }).optional(),
  }),
  z.object({ kind: z.literal('expectation'), value }),
  z.object({ kind: z.literal('issue'), issue: z.string() }),
]);

const assessment = z.object({
  id: z.string().max(50),
  name: z.string(),
  content,
  source: z.object({ kind: z.enum(sourceKinds), id: z.string() }),
  span: z.string().optional(),
  rationale: z.string().optional(),
  metadata: labels.optional(),
  overrides: z.string().optional(),
  valid: z.boolean().optional(),
  createdAt: z.int().optional(),
  updatedAt: z.int().optional(),
});

export const importTracesShape = z.object({
  traces: z
    .array(
      z.object({
        id: z.string(),
        experiment: z.int().min(0),
        state: z.enum(traceStates),
        requestedAt: z.int(),
        duration: z.int().optional(),
        clientRequestId: z.string().optional(),
        requestPreview: z.string().optional(),
        responsePreview: z.string().optional(),
        tags: labels,
        metadata: labels,
        assessments: z.array(assessment),
        spans: z.string().optional(),
        export: z.string().optional(),
      }),
    )
    .max(500),
});

export const outcomesShape = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(['created', 'updated', 'refused']),
      problem: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
});
export type OutcomesWire = z.infer<typeof outcomesShape>;

export const deletionsShape = z.object({
  experiments: z.array(z.object({ sequence: z.int(), deletedAt: z.int() })).max(1000),
  runs: z.array(z.object({ id: z.string(), deletedAt: z.int(), withExperiment: z.boolean() })).max(1000),
});

export const marksQueryShape = z.object({
  source: z.string().min(1).max(500),
  kind: z.enum(markKinds),
  ids: z.array(z.string()).max(1000),
});
export const marksShape = z.object({ source: z.string().min(1).max(500), kind: z.enum(markKinds), marks: labels });
export const foundMarksShape = z.object({ marks: labels });

export const countsQueryShape = z.object({ runs: z.array(z.string()).max(1000) });
export const runCountsShape = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      deleted: z.boolean(),
      points: z.number(),
      parameters: z.number(),
      tags: z.number(),
      artifacts: z.number(),
    }),
  ),
});

export type ImportExperimentsWire = z.input<typeof importExperimentsShape>;
export type PlacedExperimentsWire = z.infer<typeof placedExperimentsShape>;
export type ImportRunsWire = z.input<typeof importRunsShape>;
export type ImportLoggedModelsWire = z.input<typeof importLoggedModelsShape>;
export type ImportTracesWire = z.input<typeof importTracesShape>;
export type RunCountsWire = z.infer<typeof runCountsShape>;
export type MarkKindWire = z.infer<typeof marksShape>['kind'];
