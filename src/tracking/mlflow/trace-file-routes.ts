import type { TrackingCommands } from '../commands.ts';
import { pathInFolder, replyWithFile } from './artifact-replies.ts';
import { writeSpan } from '../otlp/write-span.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { traceOf } from './trace-read-routes.ts';

/** What pages of MLflow read: the spans of a trace wherever they are kept, or something attached to it. */
export function traceFileRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return ['2.0', '3.0'].map((version) =>
    mlflowRoute({
      method: 'get',
      path: `${version}/mlflow/get-trace-artifact`,
      action: 'runs:read',
      summary: 'The spans of a trace as JSON, or a file attached to it',
      request: { request_id: field.text(), path: field.text() },
      async handle({ request_id: id, path }, call) {
        const { project } = call;
        if (id === undefined || id === '') throw new MlflowError('BAD_REQUEST', 'Request must include the "request_id" query parameter.');
        await traceOf(tracking, project, id);
        const holder = { kind: 'trace', project, trace: id } as const;
        if (path !== undefined && path !== '') return replyWithFile(tracking, call, { holder, name: `attachments/${pathInFolder(path)}` });
        const [kept] = await tracking.tracesWithSpans(project, [id]);
        if (kept !== undefined && kept.spans.length > 0) return cleanReply({ spans: kept.spans.map((span) => writeSpan(id, span)) });
        return replyWithFile(tracking, call, { holder, name: 'traces.json' });
      },
    }),
  );
}
