import type { DirectCall } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { unpack } from '../otlp/read-body.ts';
import { ExportError, readExport } from '../otlp/read-export.ts';
import { experimentNumber } from './key-rules.ts';
import { mlflowRoute, type MlflowRoute, rawReply } from './protocol/index.ts';

const largestExport = 64 * 1024 * 1024;

/** Ingest of spans by OTLP over HTTP (opentelemetry.io/docs/specs/otlp/#otlphttp). */
export function otlpRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '/v1/traces',
      action: 'runs:write',
      summary: 'Takes spans in the OpenTelemetry protocol, as protobuf or JSON',
      async handle(_input, { project, context, http }) {
        const experiment = header(http, 'x-mlflow-experiment-id');
        if (experiment === undefined) return refusal(422, missingHeader);
        const format = formatOf(header(http, 'content-type'));
        if (format === undefined)
          return refusal(
            400,
            `Invalid Content-Type: ${header(http, 'content-type')}. Expected: application/x-protobuf or application/json`,
          );
        try {
          const spans = readExport(await unpack(await http.body(largestExport), header(http, 'content-encoding')), format);
          const run = header(http, 'x-mlflow-run-id');
          await tracking.recordSpans(context, { project, experiment: { sequence: experimentNumber(experiment) }, spans, run });
        } catch (thrown) {
          if (thrown instanceof ExportError) return refusal(thrown.incomplete ? 422 : 400, thrown.message);
          throw thrown;
        }
        // An empty ExportTraceServiceResponse is no bytes at all.
        return rawReply({ status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: new Uint8Array() });
      },
    }),
  ];
}

function formatOf(type: string | undefined): 'protobuf' | 'json' | undefined {
  const media = type?.split(';')[0]?.trim().toLowerCase();
  if (media === 'application/x-protobuf') return 'protobuf';
  return media === 'application/json' ? 'json' : undefined;
}

const missingHeader = [{ type: 'missing', loc: ['header', 'x-mlflow-experiment-id'], msg: 'Field required', input: null }];

function refusal(status: number, detail: unknown) {
  return rawReply({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ detail }) });
}

function header({ headers }: DirectCall, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
