import type { IncomingMessage } from 'node:http';
import type { Tensor } from '#kernel/inference/index.ts';
import {
  type BinaryPart,
  type InferEnvelope,
  type InferRequest,
  readEnvelope,
  readInferRequest,
  writeInferResponse,
} from '#serving/index.ts';
import { ReplicaGone, RunTimedOut } from '../model-client.ts';
import type { DeploymentRoute, Target } from '../routes.ts';
import { scoresOf } from '../traffic.ts';
import type { Answer, GatewayParts } from './gateway-parts.ts';
import { type Prediction, predictionLine } from './prediction-line.ts';
import { ProtocolError } from './protocol-error.ts';
import { readBody } from './read-body.ts';

export interface Asked {
  readonly name: string;
  readonly deployment: DeploymentRoute;
  /** The revision of the version in the path. */
  readonly target: Target | undefined;
}

/** How long a request waits for a replica that is being started again. */
const restartPatienceMs = 3000;
/** Requests at once that a replica may owe answers for. */
const mostInFlight = 1000;

/** Predicts: checks the request, runs the model, writes the prediction down, answers. */
export async function infer(parts: GatewayParts, request: IncomingMessage, asked: Asked): Promise<Answer> {
  const { limits } = asked.deployment.deployment;
  const body = await readBody(request, limits.bodyBytes);
  const started = performance.now();
  const { header, binary } = split(request, body);
  const envelope = readEnvelope(parseJson(header));
  const id = envelope.id ?? parts.ids.next();
  const target = choose(asked, request, { id, envelope });
  const infers = readInferRequest(envelope, target.revision.signature, binary);
  const prediction = { id, infers, target, receivedAt: parts.clock.now() };
  try {
    const outputs = await runSomewhere(target, infers, limits.requestTimeoutMs);
    return answer(parts, asked, { ...prediction, outputs, latencyMs: performance.now() - started });
  } catch (error) {
    target.traffic.failed(infers.rows);
    const failure = asProtocolError(error, asked.name);
    writeDown(parts, asked, { ...prediction, outputs: [], latencyMs: performance.now() - started, status: failure.status });
    throw failure;
  }
}

function split(request: IncomingMessage, body: Buffer): { readonly header: Buffer; readonly binary: BinaryPart | undefined } {
  const length = request.headers['inference-header-content-length'];
  if (length === undefined) return { header: body, binary: undefined };
  const bytes = Number(length);
  if (!Number.isInteger(bytes) || bytes <= 0 || bytes > body.byteLength) {
    throw new ProtocolError(
      400,
      `The header Inference-Header-Content-Length must be a number of bytes within the body, not "${String(length)}".`,
    );
  }
  return { header: body.subarray(0, bytes), binary: { bytes: body.subarray(bytes) } };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new ProtocolError(400, `The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function choose(
  { name, deployment, target }: Asked,
  request: IncomingMessage,
  { id, envelope }: { id: string; envelope: InferEnvelope },
): Target {
  if (target !== undefined) return target;
  const pinned = request.headers['x-ripen-revision'];
  if (typeof pinned === 'string') {
    const found = deployment.byRevision(pinned);
    if (found === undefined) throw new ProtocolError(404, `The model '${name}' has no revision '${pinned}' here.`);
    return found;
  }
  const key = deployment.deployment.routing.sticky === 'key' ? (envelope.key ?? id) : id;
  const found = deployment.byKey(key);
  if (found === undefined) throw notReady(name);
  return found;
}

function notReady(name: string): ProtocolError {
  return new ProtocolError(503, `The model '${name}' is not ready yet.`, { 'retry-after': '1' });
}

/** A replica that ends in the middle is no reason to fail: predicting twice does no harm. But only once more, as the request may be the cause. */
async function runSomewhere({ runner }: Target, { inputs }: InferRequest, timeoutMs: number): Promise<readonly Tensor[]> {
  for (let attempt = 0; ; attempt++) {
    const client = runner.pick() ?? (await runner.pickSoon(Math.min(restartPatienceMs, timeoutMs)));
    if (client === undefined) throw new ReplicaGone('no replica is ready');
    if (client.inFlight >= mostInFlight)
      throw new ProtocolError(503, 'Too many requests wait for this model. Try again later.', { 'retry-after': '1' });
    try {
      return await client.run(inputs, timeoutMs);
    } catch (error) {
      if (!(error instanceof ReplicaGone) || attempt > 0) throw error;
      await restBriefly();
    }
  }
}

/** Lets the end of the replica be noticed before another one is picked. */
function restBriefly(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 20));
}

function asProtocolError(error: unknown, name: string): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof ReplicaGone) return notReady(name);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RunTimedOut) return new ProtocolError(504, message);
  return new ProtocolError(500, `The model '${name}' could not predict this: ${message}`);
}

function answer(parts: GatewayParts, asked: Asked, prediction: Prediction): Answer {
  const { id, infers, target, outputs } = prediction;
  const { revision, modelVersion } = target.revision;
  const wanted = infers.outputs;
  const shown = wanted === undefined ? outputs : outputs.filter((output) => wanted.includes(output.name));
  const body = writeInferResponse({ model: asked.name, version: modelVersion, revision, id, outputs: shown });
  target.traffic.answered(prediction.latencyMs, infers.rows, scoresOf(outputs, asked.deployment.deployment.score.output, infers.rows));
  writeDown(parts, asked, prediction);
  return { status: 200, body, headers: { 'x-ripen-prediction-id': encodeURIComponent(id), 'x-ripen-revision': revision } };
}

function writeDown({ spool }: GatewayParts, { deployment: { deployment } }: Asked, prediction: Prediction): void {
  if (deployment.log.predictions) spool.append(deployment, predictionLine(prediction));
}
