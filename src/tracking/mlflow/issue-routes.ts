import type { TrackingCommands } from '../commands.ts';
import type { Issue } from '../traces/issues.ts';
import { experimentNumber } from './key-rules.ts';
import { field, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { parseFilter } from './search/index.ts';

const texts = field.list(field.text());
const usualIssues = 100;
const mostIssues = 1000;

export function issueRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [createRoute(tracking), ...oneRoutes(tracking), searchRoute(tracking)];
}

function createRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '3.0/mlflow/issues',
    action: 'runs:write',
    summary: 'Creates an issue that traces can show',
    request: {
      experiment_id: field.text().required(),
      name: field.text().required(),
      description: field.text().required(),
      status: field.text(),
      severity: field.text(),
      root_causes: texts,
      categories: texts,
      source_run_id: field.text(),
      created_by: field.text(),
    },
    async handle({ experiment_id: experiment, root_causes: rootCauses, source_run_id: sourceRun, created_by: createdBy, ...rest }, call) {
      const { project, context } = call;
      const by = { sequence: experimentNumber(experiment) };
      return {
        issue: issueMessage(await tracking.createIssue(context, { ...rest, project, experiment: by, rootCauses, sourceRun, createdBy })),
      };
    },
  });
}

function oneRoutes(tracking: TrackingCommands): MlflowRoute[] {
  const path = '3.0/mlflow/issues/{issue_id}';
  return [
    mlflowRoute({
      method: 'get',
      path,
      action: 'runs:read',
      summary: 'One issue',
      request: { issue_id: field.text().required() },
      handle: async ({ issue_id: id }, { project }) => ({ issue: issueMessage(await tracking.issue(project, id)) }),
    }),
    mlflowRoute({
      method: 'patch',
      path,
      action: 'runs:write',
      summary: 'Changes an issue',
      request: {
        issue_id: field.text().required(),
        name: field.text(),
        description: field.text(),
        status: field.text(),
        severity: field.text(),
      },
      handle: async ({ issue_id: id, ...change }, { project }) => ({
        issue: issueMessage(await tracking.editIssue({ project, id }, change)),
      }),
    }),
  ];
}

function searchRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '3.0/mlflow/issues/search',
    action: 'runs:read',
    summary: 'Issues, the newest first',
    request: {
      experiment_id: field.text(),
      filter_string: field.text(),
      max_results: field.whole(),
      page_token: field.text(),
      include_trace_count: field.flag(),
    },
    async handle(
      { experiment_id: experiment, filter_string: filter = '', max_results: limit = usualIssues, page_token: after },
      { project },
    ) {
      const { items, next } = await tracking.searchIssues({
        project,
        experiment: experiment === undefined || experiment === '' ? undefined : { sequence: experimentNumber(experiment) },
        filter: parseFilter(filter),
        after: after === '' ? undefined : after,
        limit: Math.min(Math.max(limit, 1), mostIssues),
      });
      return { issues: items.map(issueMessage), next_page_token: next };
    },
  });
}

function issueMessage(issue: Issue) {
  return {
    issue_id: issue.id,
    experiment_id: String(issue.experimentNumber),
    name: issue.name,
    description: issue.description,
    status: issue.status,
    severity: issue.severity,
    root_causes: issue.rootCauses,
    categories: issue.categories,
    source_run_id: issue.sourceRun,
    created_timestamp: issue.createdAt,
    last_updated_timestamp: issue.updatedAt,
    created_by: issue.createdBy,
    trace_count: issue.traces,
  };
}
