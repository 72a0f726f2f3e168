/** What decides where the files of an experiment lie. */
export interface ArtifactLocation {
  /** Number of the experiment in its project. */
  readonly sequence: number;
  /** An address of its own, as it was given. */
  readonly location: string | undefined;
}

/** The address of an experiment's files, or of something below them, as MLflow clients use it. */
export function artifactAddress({ sequence, location }: ArtifactLocation, ...parts: readonly string[]): string {
  const base = location ?? `mlflow-artifacts:/${sequence}`;
  const query = base.search(/[?#]/);
  const [path, rest] = query === -1 ? [base, ''] : [base.slice(0, query), base.slice(query)];
  return `${[path.replace(/\/+$/, ''), ...parts].join('/')}${rest}`;
}
