import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Place, PredictionAnswer, Serving } from './collaborators.ts';
import { type GateCheck, figure, missingFact } from './gates/gate-rules.ts';
import type { SmokeSample } from './gate-worker/protocol.ts';
import type { Release } from './model.ts';

/** Scores may differ by this much between the gate and the service: other threads, other batch sizes, 32-bit sums. */
const tolerance = 1e-5;
const patienceMs = 60_000;
const pauseMs = 250;

const answerSchema = z.object({
  model_version: z.string().optional(),
  outputs: z.array(z.object({ name: z.string(), data: z.array(z.number()) })),
});

/** Sends known rows through the gateway to the revision in staging: it must be the version of the release and answer as the gate saw it answer. */
export async function smokeTest(
  serving: Pick<Serving, 'predict'>,
  release: Release,
  { place, revision, signal }: { readonly place: Place; readonly revision: string; readonly signal: AbortSignal },
): Promise<readonly GateCheck[]> {
  const { smoke } = release;
  if (smoke === undefined || smoke.scores.length === 0) return [missingFact('smoke_scores', 'There are no rows to try in staging.')];
  const answer = await ask(() => serving.predict(place, { revision, body: requestOf(smoke), signal }), signal);
  if ('problem' in answer) return [missingFact('smoke_scores', answer.problem)];
  if (answer.status !== 200) {
    return [
      { name: 'smoke_scores', outcome: 'refused', explanation: `Staging answered with status ${answer.status}: ${text(answer.body)}` },
    ];
  }
  const parsed = answerSchema.safeParse(answer.body);
  const output = parsed.data?.outputs.find(({ name }) => name === smoke.output);
  if (parsed.data === undefined || output === undefined) {
    return [{ name: 'smoke_scores', outcome: 'refused', explanation: `Staging gave no output "${smoke.output}": ${text(answer.body)}` }];
  }
  return [scoresCheck(smoke, output.data), versionCheck(release, parsed.data.model_version)];
}

function requestOf({ inputs, output }: SmokeSample) {
  return { id: 'smoke-test', inputs, outputs: [{ name: output }] };
}

// The gateway may still be taking over the new route.
async function ask(send: () => Promise<PredictionAnswer>, signal: AbortSignal): Promise<PredictionAnswer | { readonly problem: string }> {
  let problem = '';
  for (const began = performance.now(); performance.now() - began < patienceMs; await sleep(pauseMs, undefined, { signal })) {
    try {
      const answer = await send();
      if (answer.status < 500 && answer.status !== 404) return answer;
      problem = `Staging answered with status ${answer.status}: ${text(answer.body)}`;
    } catch (error) {
      signal.throwIfAborted();
      problem = `Staging did not answer: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { problem };
}

function scoresCheck({ scores }: SmokeSample, data: readonly number[]): GateCheck {
  const name = 'smoke_scores';
  const width = data.length / scores.length;
  if (width !== 1 && width !== 2) {
    return { name, outcome: 'refused', explanation: `Staging gave ${data.length} numbers for ${scores.length} rows.` };
  }
  const differences = scores.map((score, row) => Math.abs(score - (data[row * width + width - 1] ?? Number.NaN)));
  const worst = differences.reduce((largest, one) => (one <= largest ? largest : one), 0);
  const agrees = differences.every((one) => one <= tolerance);
  const explanation = `${scores.length} rows scored in staging differ from the gate's own scores by at most ${figure(worst)}; allowed is ${tolerance}.`;
  return { name, outcome: agrees ? 'passed' : 'refused', value: worst, threshold: tolerance, explanation };
}

function versionCheck({ version }: Release, served: string | undefined): GateCheck {
  const name = 'smoke_version';
  const explanation = served === undefined ? 'Staging did not say which version answered.' : `Version ${served} answered in staging.`;
  return { name, outcome: served === String(version) ? 'passed' : 'refused', explanation };
}

function text(body: unknown): string {
  return (typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).slice(0, 300);
}
