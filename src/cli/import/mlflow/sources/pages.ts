import { SourceRefusal } from './mlflow-client.ts';

export interface Paged {
  readonly next_page_token?: string | undefined;
}

/** Pages until there is no next one. */
export async function* pages<Page extends Paged>(ask: (token: string | undefined) => Promise<Page>): AsyncGenerator<Page> {
  for (let token: string | undefined, more = true; more;) {
    const page = await ask(token);
    yield page;
    token = page.next_page_token;
    more = token !== undefined && token !== '';
  }
}

/** Servers of older versions do not know of some things. */
export function orNothing(error: unknown): { readonly next_page_token?: undefined } {
  if (error instanceof SourceRefusal && (error.status === 404 || error.status === 405 || error.status === 501)) return {};
  throw error;
}
