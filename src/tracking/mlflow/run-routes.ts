import type { TrackingCommands } from '../commands.ts';
import { checkKey, experimentNumber } from './key-rules.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { runInfo, runMessage, runStatuses, stateOfStatus } from './run-message.ts';
import { cutTagValue, nameOf } from './value-limits.ts';
import { isFactTag, meaningOfTags, nameOfNewRun, reportWithout, tagOf } from './run-tags.ts';

const tagField = field.message({ key: field.text().required(), value: field.text() });
const runFields = { run_id: field.text().required() };
const aliases = { run_uuid: 'run_id' } as const;

export function runRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [createRoute(tracking), getRoute(tracking), updateRoute(tracking), ...markRoutes(tracking), ...tagRoutes(tracking)];
}

function createRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/create',
    action: 'runs:write',
    summary: 'Starts a run',
    request: {
      experiment_id: field.text(),
      user_id: field.text(),
      run_name: field.text(),
      start_time: field.whole(),
      tags: field.list(tagField),
    },
    async handle(input, { project, context, http }) {
      const list = (input.tags ?? []).map(({ key, value = '' }) => ({ key: checkKey(key, 'key'), value: cutTagValue(value) }));
      const { tags, report } = meaningOfTags(list);
      const experiment = input.experiment_id === undefined || input.experiment_id === '' ? '0' : input.experiment_id;
      const run = await tracking.startRun(context, {
        project,
        experiment: { sequence: experimentNumber(experiment) },
        name: nameOfNewRun(input.run_name, report?.name),
        startedAt: input.start_time,
        user: personOf(input.user_id, tags['mlflow.user']),
        parentRun: report?.parentRun ?? undefined,
        commit: report?.commit ?? undefined,
        dirty: tags['mlflow.source.git.dirty'] === undefined ? undefined : tags['mlflow.source.git.dirty'].toLowerCase() === 'true',
        tags,
        requestKey: header(http.headers['idempotency-key']),
      });
      return cleanReply({ run: runMessage(run) });
    },
  });
}

/** Clients that know nobody say "unknown". */
function personOf(userId: string | undefined, tagged: string | undefined): string | undefined {
  const names = [nameOf(tagged), nameOf(userId)];
  return names.find((name) => name !== undefined && name !== 'unknown') ?? names[1];
}

function header(value: string | readonly string[] | undefined): string | undefined {
  const text = typeof value === 'string' ? value : value?.[0];
  return text === '' ? undefined : text;
}

function getRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'get',
    path: '2.0/mlflow/runs/get',
    action: 'runs:read',
    summary: 'One run with its latest metrics, params, tags, inputs and outputs',
    request: runFields,
    aliases,
    handle: async ({ run_id: id }, { project }) => cleanReply({ run: runMessage(await tracking.run(project, id)) }),
  });
}

function updateRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/update',
    action: 'runs:write',
    summary: 'Says how a run stands: status, end, name',
    request: { ...runFields, status: field.choice(runStatuses), end_time: field.whole(), run_name: field.text() },
    aliases,
    async handle({ run_id: run, status, end_time: finishedAt, run_name: name }, { project, context }) {
      const report = { state: stateOfStatus(status), finishedAt, name: nameOf(name) };
      return { run_info: runInfo(await tracking.reportRun(context, { project, run }, report)) };
    },
  });
}

function markRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return (['delete', 'restore'] as const).map((verb) =>
    mlflowRoute({
      method: 'post',
      path: `2.0/mlflow/runs/${verb}`,
      action: 'runs:write',
      summary: verb === 'delete' ? 'Deletes a run; it can be restored' : 'Brings a deleted run back',
      request: runFields,
      aliases,
      async handle({ run_id: run }, { project, context }) {
        await (verb === 'delete' ? tracking.deleteRun : tracking.restoreRun)(context, { project, run });
        return {};
      },
    }),
  );
}

function tagRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/runs/set-tag',
      action: 'runs:write',
      summary: 'Sets a tag of a run',
      request: { ...runFields, key: field.text().required(), value: field.text() },
      aliases,
      async handle({ run_id: run, key, value = '' }, { project, context }) {
        const { tags, report } = meaningOfTags([{ key: checkKey(key, 'key'), value: cutTagValue(value) }]);
        if (isFactTag(key)) await tracking.reportRun(context, { project, run }, report ?? {});
        else await tracking.log({ project, run }, { tags });
        return {};
      },
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/runs/delete-tag',
      action: 'runs:write',
      summary: 'Takes a tag of a run away',
      request: { ...runFields, key: field.text().required() },
      aliases,
      async handle({ run_id: run, key }, { project, context }) {
        const found = await tracking.run(project, run);
        if (found.deletedAt === undefined && tagOf(found, key) === undefined)
          throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${run}`);
        if (isFactTag(key)) await tracking.reportRun(context, { project, run }, reportWithout(key));
        else await tracking.log({ project, run }, { removedTags: [key] });
        return {};
      },
    }),
  ];
}
