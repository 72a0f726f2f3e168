import type { TrackingCommands } from '../commands.ts';
import { assessmentContent, assessmentFields, assessmentMessage, newAssessment } from './assessment-message.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { traceOf } from './trace-read-routes.ts';

const path = '3.0/mlflow/traces/{trace_id}/assessments';
const ofOne = { trace_id: field.text().required(), assessment_id: field.text().required() } as const;
const assessment = field.message(assessmentFields).required();

export function assessmentRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path,
      action: 'runs:write',
      summary: 'Adds feedback, an expectation or an issue to a trace',
      request: { trace_id: field.text().required(), assessment },
      async handle({ trace_id: trace, assessment: given }, { project }) {
        await traceOf(tracking, project, trace);
        return cleanReply({ assessment: assessmentMessage(trace, await tracking.addAssessment({ project, trace }, newAssessment(given))) });
      },
    }),
    mlflowRoute({
      method: 'get',
      path: `${path}/{assessment_id}`,
      action: 'runs:read',
      summary: 'One assessment of a trace',
      request: ofOne,
      handle: async ({ trace_id: trace, assessment_id: id }, { project }) =>
        cleanReply({ assessment: assessmentMessage(trace, await tracking.assessment({ project, trace }, id)) }),
    }),
    editRoute(tracking),
    mlflowRoute({
      method: 'delete',
      path: `${path}/{assessment_id}`,
      action: 'runs:write',
      summary: 'Takes an assessment away; the one that it overrode is valid again',
      request: ofOne,
      async handle({ trace_id: trace, assessment_id: id }, { project }) {
        await traceOf(tracking, project, trace);
        await tracking.deleteAssessment({ project, trace }, id);
        return {};
      },
    }),
  ];
}

/** What an update mask may name. */
const masks = {
  assessment_name: 'name',
  expectation: 'content',
  feedback: 'content',
  rationale: 'rationale',
  metadata: 'metadata',
  valid: 'valid',
} as const;

function editRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'patch',
    path: `${path}/{assessment_id}`,
    action: 'runs:write',
    summary: 'Changes what the update mask names of an assessment',
    request: { ...ofOne, assessment, update_mask: field.text().required() },
    async handle({ trace_id: trace, assessment_id: id, assessment: given, update_mask: mask }, { project }) {
      const named = new Set(mask.split(',').map((each) => each.trim().replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
      for (const each of named)
        if (each !== '' && !Object.hasOwn(masks, each))
          throw new MlflowError('INVALID_PARAMETER_VALUE', `The update mask names "${each.slice(0, 60)}", which cannot be changed.`);
      if (named.has('expectation') && named.has('feedback'))
        throw new MlflowError('INVALID_PARAMETER_VALUE', 'Cannot specify both `expectation` and `feedback` parameters.');
      await traceOf(tracking, project, trace);
      const changed = await tracking.editAssessment(
        { project, trace },
        {
          id,
          name: named.has('assessment_name') ? given.assessment_name : undefined,
          content: named.has('feedback') || named.has('expectation') ? assessmentContent(given) : undefined,
          rationale: named.has('rationale') ? given.rationale : undefined,
          metadata: named.has('metadata') ? given.metadata : undefined,
          valid: named.has('valid') ? given.valid : undefined,
        },
      );
      return cleanReply({ assessment: assessmentMessage(trace, changed) });
    },
  });
}
