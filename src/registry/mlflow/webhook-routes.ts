import { field, mlflowRoute, MlflowError, type MlflowRoute } from '#tracking/index.ts';
import type { Webhook, Webhooks } from '../webhooks/index.ts';

const entities = {
  REGISTERED_MODEL: 1,
  MODEL_VERSION: 2,
  MODEL_VERSION_TAG: 3,
  MODEL_VERSION_ALIAS: 4,
  PROMPT: 5,
  PROMPT_VERSION: 6,
  PROMPT_TAG: 7,
  PROMPT_VERSION_TAG: 8,
  PROMPT_ALIAS: 9,
  BUDGET_POLICY: 10,
} as const;
const actions = { CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4, EXCEEDED: 5 } as const;
const statuses = { ACTIVE: 1, DISABLED: 2 } as const;

const event = { entity: field.choice(entities), action: field.choice(actions) };
const mostResults = 1000;

/** MLflow's webhooks over Ripen's. */
export function webhookRoutes(webhooks: Webhooks): MlflowRoute[] {
  return [...listRoutes(webhooks), ...oneRoutes(webhooks), testRoute(webhooks)];
}

function listRoutes(webhooks: Webhooks): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/webhooks',
      action: 'webhooks:write',
      summary: 'Makes a webhook',
      request: {
        name: field.text().required(),
        url: field.text().required(),
        events: field.list(field.message(event)).required(),
        description: field.text(),
        secret: field.text(),
        status: field.choice(statuses),
      },
      async handle(input, { context, project }) {
        const { name, url, description, secret } = input;
        const events = input.events.map(readEvent);
        const made = { project, name, url, events, description, secret, status: readStatus(input.status) };
        return { webhook: message(await webhooks.createWebhook(context, made)) };
      },
    }),
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/webhooks',
      action: 'webhooks:read',
      summary: 'Webhooks, newest first',
      request: { max_results: field.whole(), page_token: field.text() },
      async handle(input, { project }) {
        const limit = input.max_results || 100;
        if (limit < 1 || limit > mostResults) throw new MlflowError('INVALID_PARAMETER_VALUE', 'max_results must be between 1 and 1000.');
        const before = input.page_token || undefined;
        if (before !== undefined && !/^[0-9a-f]{32}$/.test(before))
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token, decoding failed');
        const { items, next } = await webhooks.webhooks(project, { before, limit });
        return { webhooks: items.map(message), next_page_token: next };
      },
    }),
  ];
}

function oneRoutes(webhooks: Webhooks): MlflowRoute[] {
  const path = '2.0/mlflow/webhooks/{webhook_id}';
  return [
    mlflowRoute({
      method: 'get',
      path,
      action: 'webhooks:read',
      summary: 'One webhook',
      request: { webhook_id: field.text().required() },
      handle: async (input, { project }) => ({ webhook: message(await webhooks.webhook({ project, webhook: input.webhook_id })) }),
    }),
    mlflowRoute({
      method: 'patch',
      path,
      action: 'webhooks:write',
      summary: 'Changes a webhook',
      request: {
        webhook_id: field.text().required(),
        name: field.text(),
        url: field.text(),
        events: field.list(field.message(event)),
        description: field.text(),
        secret: field.text(),
        status: field.choice(statuses),
      },
      async handle(input, { context, project }) {
        const edit = {
          project,
          webhook: input.webhook_id,
          // What is empty was not sent, but for the texts that can be taken away.
          name: input.name || undefined,
          url: input.url || undefined,
          events: input.events === undefined || input.events.length === 0 ? undefined : input.events.map(readEvent),
          description: input.description,
          secret: input.secret,
          status: readStatus(input.status),
        };
        return { webhook: message(await webhooks.editWebhook(context, edit)) };
      },
    }),
    mlflowRoute({
      method: 'delete',
      path,
      action: 'webhooks:write',
      summary: 'Deletes a webhook',
      request: { webhook_id: field.text().required() },
      async handle(input, { context, project }) {
        await webhooks.deleteWebhook(context, { project, webhook: input.webhook_id });
        return {};
      },
    }),
  ];
}

function testRoute(webhooks: Webhooks): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/webhooks/{webhook_id}/test',
    action: 'webhooks:write',
    summary: 'Sends made-up data to a webhook once',
    request: { webhook_id: field.text().required(), event: field.message(event) },
    async handle(input, { project, http }) {
      const told = input.event === undefined ? undefined : readEvent(input.event);
      const outcome = await webhooks.testWebhook({ project, webhook: input.webhook_id, event: told }, http.aborted);
      const { ok, status, response, problem } = outcome;
      return { result: { success: ok, response_status: status, response_body: response, error_message: problem } };
    },
  });
}

function readEvent({ entity, action }: { entity: string | undefined; action: string | undefined }): { entity: string; action: string } {
  // A name that the protocol does not know reads as not sent; the registry says what is wrong with it.
  return { entity: (entity ?? 'ENTITY_UNSPECIFIED').toLowerCase(), action: (action ?? 'ACTION_UNSPECIFIED').toLowerCase() };
}

function readStatus(status: keyof typeof statuses | undefined): 'active' | 'disabled' | undefined {
  return status === undefined ? undefined : status === 'ACTIVE' ? 'active' : 'disabled';
}

function message({ id, name, description, url, events, status, createdAt, updatedAt }: Webhook) {
  return {
    webhook_id: id,
    name,
    description,
    url,
    events: events.map((each) => ({ entity: each.entity.toUpperCase(), action: each.action.toUpperCase() })),
    status: status.toUpperCase(),
    creation_timestamp: createdAt,
    last_updated_timestamp: updatedAt,
  };
}
