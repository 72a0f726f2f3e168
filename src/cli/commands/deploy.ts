import type { Command } from 'commander';
import type { DeclaredDeploymentWire, ReleaseStoryWire, ReleaseWire } from '#delivery/index.ts';
import type { ModelVersionWire } from '#registry/index.ts';
import type { DeploymentWire, PlaceWire, RevisionWire } from '#serving/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { followRelease } from '../follow-release.ts';
import { formatDuration, formatTime, print, printTable, shortId } from '../output.ts';
import { createProgress } from '../progress.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { textOfRelease } from '../render-release.ts';
import { url } from '../url.ts';
import { buildRolloutOrders } from './rollout-orders.ts';

type Options = Given & { version: string; reason: string; detach?: boolean; rehearsal?: boolean };

const ended = new Set(['released', 'refused', 'rolled-back', 'failed', 'cancelled']);

export const buildDeploy: Build = (command, context) => {
  describeInProject(
    command.argument('<deployment>', 'a deployment that ripen.yaml declares'),
    'ripen deploy flight-delay --version @candidate --reason "trained on May"',
  )
    .option('--version <version>', 'a number, @alias or latest', 'latest')
    .option('--reason <text>', 'why', 'deployed from the command line')
    .option('--rehearsal', 'a rehearsal that the gates are expected to refuse')
    .option('--detach', 'start it and do not wait')
    .action((deployment: string, options: Options) => deploy(context, deployment, options));
  buildStatus(command, context);
  buildReleases(command, context);
  buildShow(command, context);
  buildApprove(command, context);
  buildCancel(command, context);
  buildRolloutOrders(command, context);
};

async function deploy(context: CliContext, deployment: string, options: Options): Promise<void> {
  const session = await inProject(context, options);
  const version = await versionOf(session, deployment, options.version);
  const release = await session.client.post<ReleaseWire>(`${session.base}/releases`, {
    deployment,
    version,
    reason: options.reason,
    ...(options.rehearsal === true ? { deliberate: true } : {}),
  });
  if (options.detach === true)
    return print(context, options, release, () => `Release ${release.id} is started. See it: ripen deploy show ${shortId(release.id)}`);
  const progress = createProgress(options.json === true ? context.err : context.out);
  const story = await progress.task(`Release ${release.model} ${release.version} to ${deployment}`, async (task) => {
    const followed = await followRelease(session.client, { project: session.project, id: release.id }, task);
    task.result(followed.state);
    return followed;
  });
  print(context, options, story, () => textOfRelease(story, context.out.columns ?? 160));
  if (ended.has(story.state) && story.state !== 'released') context.exit(1);
  return undefined;
}

async function versionOf({ client, base }: ProjectSession, deployment: string, given: string): Promise<number> {
  if (/^\d+$/.test(given)) return Number(given);
  const { items } = await client.get<{ items: DeclaredDeploymentWire[] }>(`${base}/declared-deployments`);
  const declared = items.find(({ name }) => name === deployment);
  // The server tells about an unknown deployment better than we could.
  if (declared === undefined) return 1;
  return (await client.get<ModelVersionWire>(base + url`/models/${declared.model}/versions/${given}`)).version;
}

const releaseId = ({ client, base }: ProjectSession, given: string) => findId(client, { path: `${base}/releases`, what: 'release' }, given);

function buildStatus(command: Command, context: CliContext): void {
  describeInProject(
    command.command('status [deployment]').description('What serves where, with its traffic'),
    'ripen deploy status flight-delay',
  ).action(async (deployment: string | undefined, options: Given) => {
    const { client, base } = await inProject(context, options);
    const items =
      deployment === undefined
        ? (await client.get<{ items: DeploymentWire[] }>(`${base}/deployments`)).items
        : [await client.get<DeploymentWire>(base + url`/deployments/${deployment}`)];
    const rows = items.flatMap(({ name, environments }) =>
      environments.flatMap((place) => current(place).map((revision) => ({ name, place, revision }))),
    );
    printTable(context, options, {
      value: { items },
      rows,
      columns: [
        { title: 'Deployment', value: ({ name }) => name },
        { title: 'Environment', value: ({ place }) => place.environment },
        { title: 'Revision', value: ({ revision }) => revision.number, align: 'right' },
        { title: 'Version', value: ({ revision }) => `${revision.model} ${revision.modelVersion}` },
        { title: 'State', value: ({ revision }) => revision.state },
        { title: 'Weight', value: ({ revision }) => `${revision.weight} %`, align: 'right' },
        {
          title: 'Replicas',
          value: ({ revision: { replicas } }) => `${replicas.filter(({ state }) => state === 'ready').length}/${replicas.length}`,
        },
        { title: 'Requests', value: ({ revision }) => revision.traffic.requests, align: 'right' },
        { title: 'p99', value: ({ revision }) => formatDuration(revision.traffic.latencyP99Ms), align: 'right' },
        { title: 'Address', value: ({ place }) => place.inferUrl },
      ],
      empty: 'Nothing is deployed. Release a version: `ripen deploy <deployment>`.',
    });
  });
}

/** Those that run; where none does, the last one. */
function current({ revisions }: PlaceWire): readonly RevisionWire[] {
  const running = revisions.filter(({ state }) => state !== 'retired' && state !== 'failed');
  return running.length > 0 ? running : revisions.slice(-1);
}

function buildReleases(command: Command, context: CliContext): void {
  describeInProject(
    command.command('releases [deployment]').description('Releases, the newest first'),
    'ripen deploy releases flight-delay',
  )
    .option('--limit <count>', 'how many', '30')
    .action(async (deployment: string | undefined, options: Given & { limit: string }) => {
      const { client, base } = await inProject(context, options);
      const page = await client.get<{ items: ReleaseWire[] }>(`${base}/releases`, { deployment, limit: options.limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Release', value: ({ id }) => shortId(id) },
          { title: 'Deployment', value: (release) => release.deployment },
          { title: 'Version', value: ({ model, version }) => `${model} ${version}` },
          { title: 'State', value: ({ state }) => state },
          { title: 'Created (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
          { title: 'By', value: ({ author }) => author.name },
          { title: 'Reason', value: ({ reason }) => reason },
          { title: 'Note', value: ({ note }) => note },
        ],
        empty: 'Nothing was released yet.',
      });
    });
}

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <release>').description('One release: its gates with every check, approvals, what happened'),
    'ripen deploy show latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const story = await session.client.get<ReleaseStoryWire>(session.base + url`/releases/${await releaseId(session, given)}`);
    print(context, options, story, () => textOfRelease(story, context.out.columns ?? 160));
  });
}

function buildApprove(command: Command, context: CliContext): void {
  describeInProject(
    command.command('approve <release>').description('Agree that a release may go to production'),
    'ripen deploy approve latest --comment "checked the slices"',
  )
    .option('--comment <text>', 'what was checked')
    .action(async (given: string, options: Given & { comment?: string }) => {
      const session = await inProject(context, options);
      const path = session.base + url`/releases/${await releaseId(session, given)}/approve`;
      const release = await session.client.post<ReleaseWire>(path, { comment: options.comment });
      print(context, options, release, () => `Release ${release.id} is approved; it is ${release.state}.`);
    });
}

function buildCancel(command: Command, context: CliContext): void {
  describeInProject(
    command.command('cancel <release>').description('Stop a release; in production its traffic goes back'),
    'ripen deploy cancel latest --reason "wrong version"',
  )
    .requiredOption('--reason <text>', 'why')
    .action(async (given: string, options: Given & { reason: string }) => {
      const session = await inProject(context, options);
      const path = session.base + url`/releases/${await releaseId(session, given)}/cancel`;
      const release = await session.client.post<ReleaseWire>(path, { reason: options.reason });
      print(context, options, release, () => `Release ${release.id} is ${ended.has(release.state) ? release.state : 'being cancelled'}.`);
    });
}
