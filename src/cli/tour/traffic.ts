import { RipenError } from '#kernel/errors.ts';
import type { DeploymentWire } from '#serving/index.ts';
import type { Client } from '../client.ts';
import { deployment, inProject } from './session.ts';
import type { Departures } from './world.ts';

const atOnce = 4;
const patienceMs = 10_000;

/** Where predictions are asked for: the gateway of production. */
export async function productionGateway(client: Client): Promise<string> {
  const { environments } = await client.get<DeploymentWire>(inProject(`/deployments/${deployment}`));
  const url = environments.find(({ environment }) => environment === 'production')?.inferUrl;
  if (url !== undefined) return url;
  throw new RipenError({
    code: 'tour.no-gateway',
    kind: 'unavailable',
    message: 'The gateway of production is not up.',
    hint: 'Start again; the tour goes on where it stopped.',
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
