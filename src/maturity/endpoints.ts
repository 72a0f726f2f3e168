import * as z from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { MaturityService } from './service.ts';
import { assessmentToWire, catalogueToWire, summaryToWire } from './to-wire.ts';
import { assessmentSchema, assessmentSummarySchema, catalogueSchema, verificationSchema } from './wire.ts';

const projectPath = z.object({ project: z.string() });

export interface MaturityEndpointDeps {
  readonly maturity: MaturityService;
  /** Fails where there is no such project. */
  readonly requireProject: (name: string) => Promise<unknown>;
}

export function maturityEndpoints({ maturity, requireProject }: MaturityEndpointDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/maturity/criteria',
      id: 'maturity.list-criteria',
      action: 'maturity:read',
      summary: 'The criteria of the ladder, with thresholds, weights and sources',
      result: catalogueSchema,
      handle: () => catalogueToWire(),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/assessment',
      id: 'maturity.assess',
      action: 'maturity:read',
      summary: 'The ladder of a project, computed from its events now or as of a past moment',
      params: projectPath,
      query: z.object({ at: z.string().max(40).optional().describe('The number of an event, or a date.') }),
      result: assessmentSchema,
      async handle({ params: { project }, query: { at } }) {
        await requireProject(project);
        return assessmentToWire(at === undefined ? await maturity.current(project) : await maturity.asOf(project, at));
      },
    }),
    ...historyEndpoints({ maturity, requireProject }),
  ];
}

function historyEndpoints({ maturity, requireProject }: MaturityEndpointDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/assessments',
      id: 'maturity.list-assessments',
      action: 'maturity:read',
      summary: 'Recorded assessments, the newest first',
      params: projectPath,
      query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
      result: z.object({ items: z.array(assessmentSummarySchema) }),
      async handle({ params: { project }, query: { limit } }) {
        await requireProject(project);
        return { items: (await maturity.history(project, limit)).map(summaryToWire) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/assessments',
      id: 'maturity.record-assessment',
      action: 'maturity:write',
      summary: 'Computes the ladder and keeps it, with an event in the log',
      status: 201,
      params: projectPath,
      result: assessmentSchema.extend({ id: z.string() }),
      async handle({ params: { project }, caller }) {
        await requireProject(project);
        const { id, assessment } = await maturity.record({ actor: caller.actor }, project);
        return { id, ...assessmentToWire(assessment) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/assessments/{assessment}/verification',
      id: 'maturity.verify-assessment',
      action: 'maturity:read',
      summary: 'Computes a recorded assessment again from the same events and compares the roots',
      params: projectPath.extend({ assessment: z.string() }),
      result: verificationSchema,
      async handle({ params: { project, assessment } }) {
        const verification = await maturity.verify(project, assessment);
        return { ...verification, computedRoot: verification.computedRoot ?? null };
      },
    }),
  ];
}
