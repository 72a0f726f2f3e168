import type { Run } from '../model.ts';
import type { RunReport } from '../runs/report-run.ts';
import { MlflowError } from './protocol/index.ts';
import { nameOf } from './value-limits.ts';

/**
 * Tags of MLflow that are facts of a run in Ripen: its name, its parent, its commit. They are kept as those facts and shown as tags, so
 * that both sides always say the same. Every other tag is a tag.
 */
const facts = {
  'mlflow.runName': {
    // An empty name names nothing, as in MLflow.
    report: (value: string): RunReport => (nameOf(value) === undefined ? {} : { name: nameOf(value) }),
    read: (run: Run) => run.name,
  },
  'mlflow.parentRunId': {
    report: (value: string): RunReport => ({ parentRun: value === '' ? null : value }),
    read: (run: Run) => run.parentRun,
  },
  'mlflow.source.git.commit': {
    report: (value: string): RunReport => ({ commit: value === '' ? null : value }),
    read: (run: Run) => run.commit,
  },
} as const;

type FactTag = keyof typeof facts;

const factTags = Object.keys(facts) as FactTag[];

export function isFactTag(key: string): key is FactTag {
  return Object.hasOwn(facts, key);
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface TagMeaning {
  readonly tags: Readonly<Record<string, string>>;
  /** What the tags say of the run itself; undefined when they say nothing. */
  readonly report: RunReport | undefined;
}

/** Of tags that are there twice the last one counts. */
export function meaningOfTags(list: readonly Tag[]): TagMeaning {
  const tags = new Map<string, string>();
  const report: RunReport = {};
  for (const { key, value } of list) {
    if (!isFactTag(key)) tags.set(key, value);
    else Object.assign(report, facts[key].report(value));
  }
  return { tags: Object.fromEntries(tags), report: Object.keys(report).length === 0 ? undefined : report };
}

/** The tags of a run as MLflow shows them, by key. */
export function tagsOf(run: Run): Tag[] {
  const shown: Tag[] = [];
  for (const key of factTags) {
    const value = facts[key].read(run);
    if (value !== undefined) shown.push({ key, value });
  }
  for (const [key, value] of Object.entries(run.tags)) if (!isFactTag(key)) shown.push({ key, value });
  return shown.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The value of one tag; undefined when the run lacks it. */
export function tagOf(run: Run, key: string): string | undefined {
  return isFactTag(key) ? facts[key].read(run) : Object.hasOwn(run.tags, key) ? run.tags[key] : undefined;
}

/** What taking a tag away says of the run itself; a name stays. */
export function reportWithout(key: FactTag): RunReport {
  return facts[key].report('');
}

/** The name of a new run, which may be given in two ways. @throws MlflowError INVALID_PARAMETER_VALUE when they differ */
export function nameOfNewRun(given: string | undefined, tagged: string | undefined): string | undefined {
  const name = nameOf(given);
  if (name !== undefined && tagged !== undefined && name !== tagged) {
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tagged}').`,
    );
  }
  return name ?? tagged;
}
