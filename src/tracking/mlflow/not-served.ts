import { MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

interface Group {
  /** What it is for. */
  readonly area: string;
  /** Why Ripen does not serve it, and what to use. */
  readonly instead: string;
  /** Method and path below `/api/` and `/ajax-api/`, or with a leading slash as it is. */
  readonly endpoints: readonly string[];
}

const under = (path: string, endpoints: string): string[] =>
  endpoints
    .trim()
    .split(/\s*,\s*/)
    .map((each) => each.replace(' ', ` ${path}/`));

/** What an MLflow server has and Ripen does not serve; each is answered with NOT_IMPLEMENTED. The table in docs/mlflow.md says the same. */
export const notServed: readonly Group[] = [
  {
    area: 'AI gateway',
    instead: 'Ripen keeps no secrets of model providers and forwards no prompts; run a gateway beside it.',
    endpoints: [
      ...under('3.0/mlflow/gateway/secrets', 'post create, get get, post update, delete delete, get list, get config'),
      ...under('3.0/mlflow/gateway/model-definitions', 'post create, get get, get list, post update, delete delete'),
      ...under(
        '3.0/mlflow/gateway/endpoints',
        'post create, get get, post update, delete delete, get list, post models/attach, post models/detach, post bindings/create, delete bindings/delete, get bindings/list, post set-tag, delete delete-tag',
      ),
      ...under('3.0/mlflow/gateway/budgets', 'post create, get get, post update, delete delete, get list, get windows'),
      ...under(
        '3.0/mlflow/gateway/guardrails',
        'post create, get get, delete delete, get list, post add-to-endpoint, delete remove-from-endpoint, get list-for-endpoint, patch update-config',
      ),
      ...under('3.0/mlflow/gateway', 'get supported-providers, get supported-models, get provider-config'),
      'get 2.0/mlflow/gateway-proxy',
      'post 2.0/mlflow/gateway-proxy',
      'post /gateway/{rest*}',
    ],
  },
  {
    area: 'Scorers on the server',
    instead: 'Scorers run in the client: mlflow.genai.evaluate works and logs its results here.',
    endpoints: [
      ...under(
        '3.0/mlflow/scorers',
        'post register, get list, get versions, get get, delete delete, put online-config, get online-configs',
      ),
      'post 3.0/mlflow/scorer/invoke',
      'post 3.0/mlflow/issues/invoke',
      'post 3.0/mlflow/genai/evaluate/invoke',
    ],
  },
  {
    area: 'Jobs and prompt optimisation',
    instead: 'They need a Python worker in the server; run the work as a pipeline step, or in the client.',
    endpoints: [
      'post 3.0/mlflow/prompt-optimization/jobs',
      'get 3.0/mlflow/prompt-optimization/jobs/{job_id}',
      'delete 3.0/mlflow/prompt-optimization/jobs/{job_id}',
      'post 3.0/mlflow/prompt-optimization/jobs/{job_id}/cancel',
      'post 3.0/mlflow/prompt-optimization/jobs/search',
      'get 3.0/mlflow/prompt-optimization/jobs/search',
      'post 3.0/jobs',
      'post 3.0/jobs/search',
      'get 3.0/jobs/{job_id}',
      'patch 3.0/jobs/cancel/{job_id}',
      'get 3.0/mlflow/jobs/{job_id}',
      'patch 3.0/mlflow/jobs/cancel/{job_id}',
    ],
  },
  {
    area: 'Workspaces',
    instead: 'Projects are the boundary: put /projects/<project> behind the tracking address, or use a token of that project.',
    endpoints: [
      'get 3.0/mlflow/workspaces',
      'post 3.0/mlflow/workspaces',
      'get 3.0/mlflow/workspaces/{workspace_name}',
      'patch 3.0/mlflow/workspaces/{workspace_name}',
      'delete 3.0/mlflow/workspaces/{workspace_name}',
    ],
  },
  {
    area: 'Label schemas and review queues',
    instead: 'Feedback and expectations can be logged on every trace; there is no queue for reviewers.',
    endpoints: [
      ...under('3.0/mlflow/label-schemas', 'post create, delete delete, get get, get get-by-name, get list, patch update'),
      ...under(
        '3.0/mlflow/review-queues',
        'post create, post delete, get get, get get-by-name, post get-or-create-user, post items/add, get items/list, post items/remove, post items/set-status, get list, post update',
      ),
    ],
  },
  {
    area: 'Users, permissions and roles',
    instead: 'Ripen has its own: members, tokens with scope and expiry, and policies (docs/security.md).',
    endpoints: [
      ...under(
        '2.0/mlflow/users',
        'post create, get get, get current, get list, patch update-password, patch update-admin, delete delete, post create-ui',
      ),
      ...under('2.0/mlflow/experiments/permissions', 'post create, get get, patch update, delete delete'),
      ...under('2.0/mlflow/registered-models/permissions', 'post create, get get, patch update, delete delete'),
      ...under('3.0/mlflow/scorers/permissions', 'post create, get get, patch update, delete delete'),
      ...under(
        '3.0/mlflow/roles',
        'post create, get get, get list, patch update, delete delete, post permissions/add, delete permissions/remove, get permissions/list, patch permissions/update, post assign, delete unassign, get users/list',
      ),
      'get 3.0/mlflow/users/roles/list',
    ],
  },
  {
    area: "Parts of MLflow's own pages",
    instead: 'Ripen has its own pages.',
    endpoints: [
      'get /graphql',
      'post /graphql',
      'post 2.0/mlflow/runs/create-promptlab-run',
      'get 3.0/mlflow/ui-telemetry',
      'post 3.0/mlflow/ui-telemetry',
      'post 3.0/mlflow/demo/generate',
      'post 3.0/mlflow/demo/delete',
      'post 3.0/mlflow/assistant/message',
      'get 3.0/mlflow/assistant/config',
    ],
  },
  {
    area: 'Endpoints that no open-source MLflow server serves either',
    instead: 'Search traces with 3.0/mlflow/traces/search.',
    endpoints: ['get 2.0/mlflow/unified-traces', 'get 2.0/mlflow/get-online-trace-details'],
  },
];

export function notServedRoutes(): MlflowRoute[] {
  return notServed.flatMap(({ area, instead, endpoints }) =>
    endpoints.map((each) => {
      const [method = 'get', path = ''] = each.split(' ');
      return mlflowRoute({
        // The lists above hold the five methods only.
        method: method as MlflowRoute['method'],
        path,
        action: 'public',
        documented: false,
        summary: `Not served: ${area}`,
        handle: () => {
          throw new MlflowError('NOT_IMPLEMENTED', `Ripen does not serve this part of MLflow (${area}). ${instead}`);
        },
      });
    }),
  );
}
