import type { Client } from './client.ts';
import type { Query } from './url.ts';
import { cliErrors } from './errors.ts';

const whole = /^[0-9a-f]{32}$/;
const mostPages = 20;

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next?: string | undefined;
}

/**
 * The whole id for one that was cut short, or for `latest`, among what `path` lists with the newest first.
 * @throws `cli.id-not-found`, `cli.id-ambiguous`
 */
export async function findId(
  client: Client,
  { path, what, query = {} }: { readonly path: string; readonly what: string; readonly query?: Query },
  given: string,
): Promise<string> {
  if (whole.test(given)) return given;
  const found = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { items, next } = await client.get<Page>(path, { ...query, limit: given === 'latest' ? 1 : 500, after });
    for (const { id } of items) if (given === 'latest' || id.startsWith(given)) found.add(id);
    if (given === 'latest' || next === undefined) break;
    after = next;
  }
  const [id] = found;
  if (id === undefined) throw cliErrors['id-not-found']({ what, id: given });
  if (found.size > 1) throw cliErrors['id-ambiguous']({ what, id: given, ids: [...found].slice(0, 5) });
  return id;
}
