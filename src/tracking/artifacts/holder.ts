/** Who keeps a file. */
export type ArtifactHolder =
  | { readonly kind: 'run'; readonly project?: string | undefined; readonly run: string }
  | { readonly kind: 'logged-model'; readonly project: string; readonly model: string }
  | { readonly kind: 'trace'; readonly project: string; readonly trace: string }
  /** A folder whose files another module keeps. */
  | { readonly kind: 'shared'; readonly project: string; readonly folder: string }
  /** What lies loose in a project: an experiment's artifact location of its own. */
  | { readonly kind: 'project'; readonly project: string };

/** A file or a folder of a holder; the name '' is its top folder. */
export interface ArtifactPlace {
  readonly holder: ArtifactHolder;
  readonly name: string;
}

/** How messages call a holder. */
export function holderLabel(holder: ArtifactHolder): string {
  if (holder.kind === 'run') return `The run ${holder.run}`;
  if (holder.kind === 'logged-model') return `The logged model ${holder.model}`;
  if (holder.kind === 'trace') return `The trace ${holder.trace}`;
  if (holder.kind === 'shared') return `The folder ${holder.folder}`;
  return `The project ${holder.project}`;
}
