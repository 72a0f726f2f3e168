/** Where the thing that an event is about is shown. */
export interface ObjectAddress {
  readonly label: string;
  readonly to: string;
}

/**
 * Turns a subject (`projects/flights/datasets/airports/snapshots/3`) into the address of its page; undefined where it has none.
 * A subject may name parts that are shown on the page of what contains them.
 */
export function objectAddress(subject: string): ObjectAddress | undefined {
  const [root, project, kind, name, part, id] = subject.split('/');
  if (root !== 'projects' || project === undefined) return undefined;
  const at = (path: string) => `/${encodeURIComponent(project)}/${path}`;
  const enc = (word: string | undefined) => encodeURIComponent(word ?? '');
  if (kind === undefined) return { label: `Project ${project}`, to: at('ladder') };
  if (name === undefined) return undefined;
  switch (kind) {
    case 'datasets':
      if (part === 'snapshots') return { label: `Snapshot ${id ?? ''} of ${name}`, to: at(`data/${enc(name)}?snapshot=${enc(id)}`) };
      if (part === 'quarantine') return { label: `Refused load of ${name}`, to: at(`data/${enc(name)}?tab=quarantine&load=${enc(id)}`) };
      return { label: `Dataset ${name}`, to: at(`data/${enc(name)}`) };
    case 'pipeline-runs':
      return { label: `Pipeline run ${short(name)}`, to: at(`pipelines/${enc(name)}`) };
    case 'pipelines':
      return { label: `Pipeline ${name}`, to: at('pipelines') };
    case 'runs':
      return { label: `Run ${short(name)}`, to: at(`runs/${enc(name)}`) };
    case 'experiments':
      return { label: 'Runs', to: at('runs') };
    case 'models':
      return part === 'versions'
        ? { label: `${name} version ${id ?? ''}`, to: at(`models/${enc(name)}/${enc(id)}`) }
        : { label: `Model ${name}`, to: at(`models/${enc(name)}`) };
    case 'deployments':
      return { label: `Deployment ${name}`, to: at(`deployments/${enc(name)}`) };
    case 'releases':
      return { label: `Release ${short(name)}`, to: at(`releases/${enc(name)}`) };
    case 'alerts':
      return { label: 'Alerts', to: at('monitoring') };
    case 'assessments':
    case 'members':
      return { label: 'Ladder', to: at('ladder') };
    default:
      return undefined;
  }
}

function short(id: string): string {
  return id.length > 12 ? id.slice(-8) : id;
}
