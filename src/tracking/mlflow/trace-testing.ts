import type { TrackingSetting } from '../testing.ts';
import { testMlflow } from './testing.ts';

/** Parts of tests over traces: what clients send, and the routes of a setting. */

export const hex = (digit: string, length: number) => digit.padStart(length, '0');
export const id = (digit: string) => `tr-${hex(digit, 32)}`;

interface Told {
  readonly state?: string;
  readonly at?: string;
  readonly tags?: Record<string, string>;
  readonly metadata?: Record<string, string>;
  readonly duration?: string;
}

export function tell(
  digit: string,
  { state = 'OK', at = '2026-01-01T00:00:00.5Z', tags = {}, metadata = {}, duration = '0.075s' }: Told = {},
) {
  const location = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } };
  const times = { request_time: at, execution_duration: duration };
  return { trace: { trace_info: { trace_id: id(digit), trace_location: location, ...times, state, tags, trace_metadata: metadata } } };
}

/** An export in OTLP's JSON of one trace. */
export function exported(
  digit: string,
  spans: readonly { span: string; parent?: string; name?: string; attributes?: Record<string, unknown>; error?: string }[],
) {
  const value = (given: unknown) => (typeof given === 'number' ? { intValue: String(given) } : { stringValue: String(given) });
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            spans: spans.map(({ span, parent, name = span, attributes = {}, error }) => ({
              traceId: hex(digit, 32),
              spanId: hex(span, 16),
              ...(parent === undefined ? {} : { parentSpanId: hex(parent, 16) }),
              name,
              kind: 1,
              startTimeUnixNano: '1700000000123456789',
              endTimeUnixNano: '1700000000223456789',
              attributes: Object.entries(attributes).map(([key, each]) => ({ key, value: value(each) })),
              status: error === undefined ? {} : { code: 2, message: error },
            })),
          },
        ],
      },
    ],
  };
}

export function openTraces({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const send = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
    api.raw('POST', '/v1/traces', { body, headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0', ...headers } });
  return { ...api, send, upload: (digit: string, spans: Parameters<typeof exported>[1]) => send(JSON.stringify(exported(digit, spans))) };
}
