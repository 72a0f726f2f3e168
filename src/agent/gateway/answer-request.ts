import type { IncomingMessage } from 'node:http';
import { RipenError } from '#kernel/errors.ts';
import type { DeploymentRoute, Routes, Target } from '../routes.ts';
import type { Answer, GatewayParts } from './gateway-parts.ts';
import { infer } from './infer.ts';
import { deploymentReady, liveAnswer, modelMetadata, serverMetadata, targetReady } from './metadata.ts';
import { ProtocolError } from './protocol-error.ts';

/** Answers one request of the Open Inference Protocol, version 2, over HTTP. */
export async function answerRequest(parts: GatewayParts, request: IncomingMessage): Promise<Answer> {
  try {
    refuseForeignPages(request);
    return await route(parts, request);
  } catch (error) {
    if (error instanceof ProtocolError) return failure(error.status, error.message, error.headers);
    if (error instanceof RipenError && error.kind === 'input') return failure(400, error.message);
    throw error;
  }
}

function failure(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: JSON.stringify({ error }), headers };
}

function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) };
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** A page of another site must not make a visitor's browser ask for predictions (also by a host name that points here). */
function refuseForeignPages({ headers }: IncomingMessage): void {
  const { host = '', origin } = headers;
  if (!loopback.test(host)) throw new ProtocolError(403, `This gateway is not called "${host}".`);
  if (origin !== undefined && !(URL.canParse(origin) && loopback.test(new URL(origin).host))) {
    throw new ProtocolError(403, `The page ${origin} may not ask for predictions.`);
  }
}

async function route(parts: GatewayParts, request: IncomingMessage): Promise<Answer> {
  const path = pathOf(request.url ?? '/');
  if (path[0] !== 'v2') throw new ProtocolError(404, 'There is nothing here; predictions are below /v2/models.');
  if (path[1] !== 'models') {
    demandMethod(request, 'GET');
    return serverAnswer(parts.routes(), path.slice(1).join('/'));
  }
  const [, , name, ...rest] = path;
  if (name === undefined) {
    demandMethod(request, 'GET');
    return json({ models: [...parts.routes().keys()] });
  }
  const deployment = parts.routes().get(name);
  if (deployment === undefined) throw new ProtocolError(404, `Request for unknown model: '${name}' is not found`);
  const versioned = rest[0] === 'versions' && rest[1] !== undefined;
  const target = versioned ? targetOfVersion(deployment, name, rest[1] ?? '') : undefined;
  const action = (versioned ? rest.slice(2) : rest).join('/');
  if (action === 'infer') {
    demandMethod(request, 'POST');
    return infer(parts, request, { name, deployment, target });
  }
  demandMethod(request, 'GET');
  return modelAnswer({ name, deployment, target, action });
}

function serverAnswer(routes: Routes, action: string): Answer {
  if (action === '') return json(serverMetadata());
  if (action === 'health/live') return json(liveAnswer());
  if (action !== 'health/ready') throw new ProtocolError(404, 'There is nothing here; predictions are below /v2/models.');
  const ready = [...routes.values()].every(deploymentReady);
  return json({ ready }, ready ? 200 : 503);
}

function modelAnswer({
  name,
  deployment,
  target,
  action,
}: {
  name: string;
  deployment: DeploymentRoute;
  target: Target | undefined;
  action: string;
}): Answer {
  if (action === '') return json(modelMetadata(name, deployment, target));
  if (action !== 'ready') throw new ProtocolError(404, `Models have no "${action}".`);
  const ready = target === undefined ? deploymentReady(deployment) : targetReady(target);
  return json({ name, ready }, ready ? 200 : 503);
}

function targetOfVersion(deployment: DeploymentRoute, name: string, version: string): Target {
  const target = deployment.byVersion(version);
  if (target === undefined) throw new ProtocolError(404, `Request for unknown model: '${name}' version '${version}' is not found`);
  return target;
}

function demandMethod({ method }: IncomingMessage, wanted: 'GET' | 'POST'): void {
  if (method !== wanted && !(wanted === 'GET' && method === 'HEAD')) throw new ProtocolError(405, `Use ${wanted} here.`, { allow: wanted });
}

/** The parts of the path, decoded, without the query and a trailing slash. */
function pathOf(url: string): readonly string[] {
  const [path = ''] = url.split('?', 1);
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch (cause) {
    throw new ProtocolError(400, `The address ${path} is not well encoded: ${String(cause)}`);
  }
}
