import { z } from 'zod';
import type { Json } from '#kernel/canonical-json.ts';
import { type Caller, type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Filter } from '../search/filter-tree.ts';
import type { TraceCommands } from './commands.ts';
import { traceErrors } from './errors.ts';
import { parseFilterTree } from '../search/parse-filter.ts';
import { parseOrderTerms } from './parse-search.ts';
import { wireAssessment, wireTrace, wireTraceWithSpans } from './to-wire.ts';
import { assessmentShape, newAssessmentShape, traceDeletionShape, traceListQuery, tracePageShape, traceWithSpansShape } from './wire.ts';

const base = '/api/v1/projects/{project}/traces';
const inProject = z.object({ project: z.string() });
const ofTrace = inProject.extend({ trace: z.string() });

const contextOf = (caller: Caller, project: string) => ({ actor: caller.actor, project });

export function traceEndpoints(tracking: TraceCommands): Endpoint[] {
  return [...listEndpoints(tracking), getEndpoint(tracking), ...deleteEndpoints(tracking), ...assessmentEndpoints(tracking)];
}

function listEndpoints(tracking: TraceCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-traces',
      action: 'runs:read',
      summary: 'Traces that fit a filter, in any order, page by page',
      params: inProject,
      query: traceListQuery,
      result: tracePageShape,
      async handle({ params: { project }, query }) {
        const { limit, after } = query;
        const order = parseOrderTerms(query.order ?? 'timestamp desc');
        const { items, next } = await tracking.findTraces({ project, ...criteriaOf(query), order, limit, after });
        return { items: items.map(wireTrace), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/trace-count',
      id: 'tracking.count-traces',
      action: 'runs:read',
      summary: 'How many traces fit a filter',
      params: inProject,
      query: traceListQuery.omit({ order: true, limit: true, after: true }),
      result: z.object({ count: z.number() }),
      handle: async ({ params: { project }, query }) => ({ count: await tracking.countTraces({ project, ...criteriaOf(query) }) }),
    }),
  ];
}

type Criteria = Pick<z.infer<typeof traceListQuery>, 'filter' | 'experiment' | 'state' | 'run'>;

function criteriaOf({ filter, experiment, state, run }: Criteria) {
  const written = filter === undefined ? undefined : parseFilterTree(filter);
  const parts: Filter[] = written === undefined ? [] : [written];
  if (state !== undefined) parts.push({ kind: 'comparison', entity: undefined, key: 'state', operator: 'IN', value: state, position: 0 });
  if (run !== undefined) parts.push({ kind: 'comparison', entity: undefined, key: 'run', operator: '=', value: run, position: 0 });
  return {
    experiments: experiment?.map((name) => ({ name })),
    filter: parts.length === 0 ? undefined : ({ kind: 'and', of: parts } as const),
  };
}

function getEndpoint(tracking: TraceCommands): Endpoint {
  return endpoint({
    method: 'get',
    path: `${base}/{trace}`,
    id: 'tracking.get-trace',
    action: 'runs:read',
    summary: 'One trace with its spans',
    params: ofTrace,
    result: traceWithSpansShape,
    async handle({ params: { project, trace: id } }) {
      const [found] = await tracking.tracesWithSpans(project, [id]);
      if (found === undefined) throw traceErrors['trace-not-found']({ trace: id.slice(0, 100), project });
      const { trace, spans } = found;
      return wireTraceWithSpans(trace, spans.length > 0 ? spans : await tracking.spansOfFile({ project, trace: id }));
    },
  });
}

function deleteEndpoints(tracking: TraceCommands): Endpoint[] {
  const result = z.object({ deleted: z.number() });
  return [
    endpoint({
      method: 'delete',
      path: `${base}/{trace}`,
      id: 'tracking.delete-trace',
      action: 'runs:write',
      summary: 'Deletes a trace with its spans and assessments, for good',
      params: ofTrace,
      result,
      handle: async ({ params: { project, trace }, caller }) => ({
        deleted: await tracking.deleteTraces(contextOf(caller, project), { project, traces: [trace] }),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/trace-deletions',
      id: 'tracking.delete-traces',
      action: 'runs:write',
      summary: 'Deletes the named traces, or the oldest ones until a time, for good',
      params: inProject,
      body: traceDeletionShape,
      result,
      async handle({ params: { project }, body, caller }) {
        const context = contextOf(caller, project);
        const { traces, until, most, experiment } = body;
        const of = { project, experiment: experiment === undefined ? undefined : { name: experiment } };
        if (traces !== undefined && until === undefined && most === undefined)
          return { deleted: await tracking.deleteTraces(context, { ...of, traces }) };
        if (traces !== undefined || until === undefined)
          throw traceErrors['trace-deletion-invalid']({ problem: 'neither traces nor a time are given, or both' });
        return { deleted: await tracking.deleteTraces(context, { ...of, until, most }) };
      },
    }),
  ];
}

function assessmentEndpoints(tracking: TraceCommands): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${base}/{trace}/assessments`,
      id: 'tracking.assess-trace',
      action: 'runs:write',
      summary: 'Adds feedback or an expectation to a trace, in the name of who asks',
      params: ofTrace,
      body: newAssessmentShape,
      result: assessmentShape,
      status: 201,
      async handle({ params, body: { kind, value, ...rest }, caller: { actor } }) {
        // A JSON value, as its shape says.
        const content = { kind, value: value as Json };
        const source = { kind: actor.kind === 'person' ? 'human' : 'code', id: actor.name } as const;
        return wireAssessment(await tracking.addAssessment(params, { ...rest, content, source }));
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{trace}/assessments/{assessment}`,
      id: 'tracking.delete-assessment',
      action: 'runs:write',
      summary: 'Takes an assessment away; the one that it overrode is valid again',
      params: ofTrace.extend({ assessment: z.string() }),
      result: z.object({}),
      async handle({ params: { assessment, ...at } }) {
        await tracking.deleteAssessment(at, assessment);
        return {};
      },
    }),
  ];
}
