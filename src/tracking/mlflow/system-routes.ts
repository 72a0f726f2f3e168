import { mlflowRoute, type MlflowRoute, rawReply } from './protocol/index.ts';

/** The version of MLflow whose protocol is spoken: clients compare it before they use newer parts, such as spans over OTLP. */
const protocolVersion = '3.11.1';

/** What clients ask before everything else. */
export function systemRoutes(): MlflowRoute[] {
  const words = (path: string, summary: string, body: string) =>
    mlflowRoute({
      method: 'get',
      path,
      action: 'public',
      summary,
      handle: () => rawReply({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }),
    });
  return [
    words('/health', 'Whether the server answers', 'OK'),
    words('/version', 'The version of MLflow whose protocol is spoken', protocolVersion),
    mlflowRoute({
      method: 'get',
      path: '3.0/mlflow/server-info',
      action: 'public',
      summary: 'What kind of server this is',
      request: {},
      handle: () => ({ store_type: 'SqlStore', workspaces_enabled: false, server: 'ripen' }),
    }),
  ];
}
