import type { Queryable } from '#kernel/database/index.ts';
import { systemActor } from '#kernel/events/index.ts';
import { readAccount, readReplicas } from './account-store.ts';
import { applyMove, type RolloutScene } from './apply-move.ts';
import { listRevisions } from './deployment-store.ts';
import type { Baseline, Rollout } from './model.ts';
import { readScene } from './read-scene.ts';
import { nextMove, type RolloutMove } from './rollout-moves.ts';
import { activeRollouts, findRollout } from './rollout-store.ts';
import { moveRevision, type Workshop } from './service.ts';
import { trafficSince } from './traffic-histograms.ts';

/** Brings every rollout forward as far as what the agents reported allows. Everything it needs is in the database. */
export interface RolloutDriver {
  tick(): Promise<void>;
}

export function createRolloutDriver(workshop: Workshop): RolloutDriver {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      for (const rollout of await activeRollouts(workshop.events.database)) {
        // One that cannot go on must not hold up the others; it is tried again at the next look.
        await advance(workshop, rollout).catch((error: unknown) =>
          workshop.log.error({ err: error, rollout: rollout.id }, 'a rollout could not be brought forward'),
        );
      }
      await retireDrained(workshop);
    } while (again);
  };
  return {
    tick() {
      if (running !== undefined) {
        again = true;
        return running;
      }
      running = run().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function advance(workshop: Workshop, rollout: Rollout): Promise<void> {
  const { events } = workshop;
  // Most looks find nothing to do, and need no turn at the event log.
  const seen = await look(workshop, events.database, rollout);
  if (seen.move.kind === 'wait') return;
  const { project } = seen.scene.deployment;
  await events.change({ actor: systemActor, project }, async (change) => {
    const fresh = await findRollout(change, rollout.id);
    if (fresh === undefined || fresh.finishedAt !== undefined) return;
    const { scene, move } = await look(workshop, change, fresh);
    await applyMove(workshop, change, { scene, move });
  });
  workshop.desiredChanged.notify();
}

async function look({ clock }: Workshop, from: Queryable, rollout: Rollout): Promise<{ scene: RolloutScene; move: RolloutMove }> {
  const scene = await readScene(from, rollout);
  const { spec } = scene.deployment;
  const account = await readAccount(from, rollout.environment);
  const move = nextMove({
    rollout,
    spec,
    now: clock.now(),
    replicas: await readReplicas(from, [rollout.revision]),
    wantedReplicas: spec.replicas[rollout.environment],
    closed: account.gateway === undefined ? (account.problems[0] ?? 'the gateway is not up yet') : undefined,
    applied: account.appliedVersion >= rollout.desiredVersion,
    traffic: rollout.baseline === undefined ? undefined : since(scene.totals, rollout.baseline),
  });
  return { scene, move };
}

function since(totals: Baseline, baseline: Baseline): Baseline {
  return { stable: trafficSince(totals.stable, baseline.stable), candidate: trafficSince(totals.candidate, baseline.candidate) };
}

/** What is draining is gone when the agent knows of it and has no replica of it left. */
async function retireDrained({ events, clock }: Workshop): Promise<void> {
  const { database } = events;
  const draining = await listRevisions(database, { states: ['draining'] });
  for (const revision of draining) {
    const account = await readAccount(database, revision.environment);
    const replicas = await readReplicas(database, [revision.id]);
    if (replicas.length > 0 || account.reportedAt === undefined || account.appliedVersion < account.desiredVersion) continue;
    await events.change({ actor: systemActor }, (change) => moveRevision(change, revision, { event: 'gone', time: clock.now() }));
  }
}
