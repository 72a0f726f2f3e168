/** An address that MLflow's clients print: `/#/experiments/1/runs/<id>`, below `/projects/<name>` when they work in a project. */
export interface MlflowAddress {
  /** Undefined: the client named no project. */
  readonly project: string | undefined;
  /** Number of the experiment in its project. */
  readonly experiment: string;
  readonly run: string | undefined;
}

/** Reads an address that MLflow's own pages would have; undefined for every other one. */
export function readMlflowAddress(pathname: string, hash: string): MlflowAddress | undefined {
  const [, experiment, run] = /^#\/experiments\/(\d+)(?:\/runs\/([^/?]+))?/.exec(hash) ?? [];
  const path = /^\/(?:projects\/([^/]+)\/?)?$/.exec(pathname);
  if (experiment === undefined || path === null) return undefined;
  return { project: path[1] === undefined ? undefined : decodeURIComponent(path[1]), experiment, run };
}

/** Where that is here. Without a project the first one is taken that has the run, `default` before the others. */
export async function ownAddress({ project, experiment, run }: MlflowAddress): Promise<string | undefined> {
  const names = project === undefined ? await projectNames() : [project];
  for (const name of names) {
    const base = `/api/v1/projects/${encodeURIComponent(name)}`;
    const found = await read<{ readonly id: string; readonly name: string }>(
      run === undefined ? `${base}/experiments/${experiment}` : `${base}/runs/${encodeURIComponent(run)}`,
    );
    const own = `/${encodeURIComponent(name)}/runs`;
    if (found !== undefined)
      return run === undefined ? `${own}?experiment=${encodeURIComponent(found.name)}` : `${own}/${encodeURIComponent(run)}`;
  }
  return undefined;
}

async function projectNames(): Promise<readonly string[]> {
  const all = await read<{ readonly items: readonly { readonly name: string }[] }>('/api/v1/projects');
  const names = all?.items.map(({ name }) => name) ?? [];
  return names.toSorted((a, b) => Number(b === 'default') - Number(a === 'default'));
}

async function read<T>(path: string): Promise<T | undefined> {
  const response = await fetch(path, { credentials: 'same-origin' });
  // The caller names the result type of the endpoint that it asks.
  return response.ok ? ((await response.json()) as T) : undefined;
}
