import { RipenError } from '#kernel/errors.ts';
import type { DeploymentWire } from '#serving/index.ts';
import { deployment, inProject, type TourSession, until } from './session.ts';
import type { Departures } from './world.ts';

const atOnce = 4;
const patienceMs = 10_000;
const gatewayPatienceMs = 60_000;

/** Where predictions are asked for: the gateway of production. After a start it comes up a little later than the server. */
export async function productionGateway({ client, signal }: Pick<TourSession, 'client' | 'signal'>): Promise<string> {
  const end = Date.now() + gatewayPatienceMs;
  return until(signal, async () => {
    const { environments } = await client.get<DeploymentWire>(inProject(`/deployments/${deployment}`));
    const production = environments.find(({ environment }) => environment === 'production');
    const answers = production?.revisions.some(({ weight, replicas }) => weight > 0 && replicas.some(({ state }) => state === 'ready'));
    if (production?.inferUrl !== undefined && answers === true) return production.inferUrl;
    if (Date.now() < end) return undefined;
    throw new RipenError({
      code: 'tour.no-gateway',
      kind: 'unavailable',
      message: `The gateway of production has not come up within ${gatewayPatienceMs / 1000} s.`,
      hint: 'Start again; the tour goes on where it stopped.',
    });
  });
}

/** Asks for predictions of all departures, a few requests at a time, each request a real one over HTTP. @returns rows predicted */
export async function predict(
  url: string,
  departures: readonly Departures[],
  told: (rows: number) => void,
  idPrefix = 'flight',
): Promise<void> {
  const queue = departures.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const each of queue) {
        await ask(url, each, idPrefix);
        told(each.origin.length);
      }
    }),
  );
}

/** The id under which the gateway knows row `row` of a request; a request of one row is its row. */
export function predictionId(departures: Departures, row: number, idPrefix = 'flight'): string {
  const request = requestId(departures, idPrefix);
  return departures.origin.length === 1 ? request : `${request}/${row}`;
}

const requestId = (departures: Departures, idPrefix: string): string => `${idPrefix}-${departures.at}`;

async function ask(url: string, departures: Departures, idPrefix: string): Promise<void> {
  const shape = [departures.origin.length];
  const body = {
    id: requestId(departures, idPrefix),
    parameters: { event_time: departures.time, key: departures.at },
    inputs: [
      { name: 'origin', shape, datatype: 'BYTES', data: departures.origin },
      { name: 'destination', shape, datatype: 'BYTES', data: departures.destination },
      { name: 'distance', shape, datatype: 'FP32', data: departures.distance },
      { name: 'hour', shape, datatype: 'INT64', data: departures.hour },
      { name: 'day_of_week', shape, datatype: 'INT64', data: departures.dayOfWeek },
    ],
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  if (!response.ok)
    throw new RipenError({
      code: 'tour.prediction-refused',
      kind: 'unavailable',
      message: `The gateway answered ${response.status}: ${text.slice(0, 200)}`,
    });
}
