import type { Client } from '../client.ts';
import type { Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

/** The path of a webhook of which the beginning of the id is given. */
export async function inWebhook(context: CliContext, options: Given, id: string): Promise<{ client: Client; path: string }> {
  const { client, base } = await inProject(context, options);
  const found = await findId(client, { path: `${base}/webhooks`, what: 'webhook' }, id);
  return { client, path: base + url`/webhooks/${found}` };
}
