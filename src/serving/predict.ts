import { readAccount } from './account-store.ts';
import { servingErrors } from './errors.ts';
import type { Environment } from './model.ts';
import { deploymentIn, type Workshop } from './service.ts';

const patienceMs = 30_000;

export interface PredictPlace {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
}

/**
 * Passes a request of the Open Inference Protocol on to the gateway of an environment, and its answer back, errors of the protocol
 * included. `revision` pins one, also without traffic.
 * @throws `serving.deployment-not-found`, `serving.gateway-unreachable`
 */
export async function predict(
  workshop: Workshop,
  { project, deployment, environment }: PredictPlace,
  { revision, body, signal }: { readonly revision?: string | undefined; readonly body: string | ArrayBuffer; readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly text: string }> {
  await deploymentIn(workshop, project, { deployment, environment });
  const { gateway } = await readAccount(workshop.events.database, environment);
  if (gateway === undefined) throw servingErrors['gateway-unreachable']({ environment, why: 'it has not told its address yet' });
  try {
    const answer = await fetch(`${gateway}/v2/models/${encodeURIComponent(deployment)}/infer`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(revision === undefined ? {} : { 'x-ripen-revision': revision }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    // The caller's own end is not the gateway's fault.
    signal.throwIfAborted();
    throw servingErrors['gateway-unreachable']({ environment, why: error instanceof Error ? error.message : String(error) }, error);
  }
}
