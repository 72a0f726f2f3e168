import type { ReleaseStoryWire } from '#delivery/index.ts';
import type { DeploymentWire } from '#serving/index.ts';
import type { Client } from './client.ts';
import type { Task } from './progress.ts';

const over = new Set<ReleaseStoryWire['state']>(['released', 'refused', 'rolled-back', 'failed', 'cancelled']);
const pollMs = 200;

/** Waits until a release has ended or waits for the approval of a person, telling gates and rollout steps as they come. */
export async function followRelease(
  client: Client,
  { project, id }: { project: string; id: string },
  task: Task,
  signal?: AbortSignal,
): Promise<ReleaseStoryWire> {
  for (;;) {
    signal?.throwIfAborted();
    const release = await client.get<ReleaseStoryWire>(`/api/v1/projects/${project}/releases/${id}`);
    if (over.has(release.state) || waitsForPerson(release)) return release;
    task.update({ note: release.state === 'production' ? await rolloutNote(client, project, release) : release.state });
    if (waitsForPeople(release)) return release;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Every release passes through this state; it stays there only while approvals are missing. */
function waitsForPeople({ state, approvals, approvalsNeeded }: ReleaseStoryWire): boolean {
  return state === 'awaiting-approval' && approvals.filter(({ counts }) => counts).length < approvalsNeeded;
}

/** A release that needs no approval passes through this state by itself. */
function waitsForPerson({ state, approvals, approvalsNeeded }: ReleaseStoryWire): boolean {
  return state === 'awaiting-approval' && approvals.filter(({ counts }) => counts).length < approvalsNeeded;
}

async function rolloutNote(client: Client, project: string, release: ReleaseStoryWire): Promise<string> {
  const deployment = await client.get<DeploymentWire>(`/api/v1/projects/${project}/deployments/${release.deployment}`);
  const rollout = deployment.environments.find(({ environment }) => environment === 'production')?.rollout;
  if (rollout === undefined || rollout.revision !== release.productionRevision) return 'production';
  return `canary at ${rollout.steps[rollout.step] ?? 0} %, ${rollout.measurements.at(-1)?.checks.find((check) => check.outcome !== 'passed')?.explanation ?? rollout.state}`;
}
