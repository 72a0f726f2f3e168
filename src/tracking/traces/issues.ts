import type { ChangeContext } from '#kernel/events/index.ts';
import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import type { Filter } from '../search/filter-tree.ts';
import { cutPage, readPlace } from '../search/index.ts';
import type { Workshop } from '../service.ts';
import { cleanText } from './check-trace.ts';
import { traceErrors } from './errors.ts';
import { criteriaOf } from './find-traces.ts';
import { findIssues, insertIssue, type LabelledIssueRow, updateIssue } from './issue-store.ts';
import type { IssueRow } from './tables.ts';
import { openTraceExperiment } from './trace-experiment.ts';

/** Something that goes wrong in many traces; an assessment of the kind issue says that it shows in one of them. */
export interface Issue {
  readonly id: string;
  readonly experimentNumber: number;
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly severity: string | undefined;
  readonly rootCauses: readonly string[];
  readonly categories: readonly string[];
  readonly sourceRun: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | undefined;
  /** How many traces show it. */
  readonly traces: number;
}

export interface NewIssue {
  readonly project: string;
  readonly experiment: ExperimentAddress;
  readonly name: string;
  readonly description: string;
  readonly status?: string | undefined;
  readonly severity?: string | undefined;
  readonly rootCauses?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly sourceRun?: string | undefined;
  readonly createdBy?: string | undefined;
}

const longest = 100_000;

/** @throws `tracking.experiment-not-found`, `tracking.experiment-deleted` */
export async function createIssue(workshop: Workshop, context: ChangeContext, given: NewIssue): Promise<Issue> {
  const { project } = given;
  const experiment = await openTraceExperiment(workshop, context, { project, by: given.experiment });
  const now = workshop.clock.now();
  const id = `iss-${workshop.ids.next()}`;
  const row: Omit<IssueRow, 'number'> = {
    id,
    project,
    experiment: experiment.number,
    name: cleanText(given.name, 1000),
    description: cleanText(given.description, longest),
    status: cleanText(given.status ?? 'pending', 100),
    severity: given.severity === undefined ? null : cleanText(given.severity, 100),
    root_causes: JSON.stringify(given.rootCauses ?? []),
    categories: JSON.stringify(given.categories ?? []),
    source_run: given.sourceRun ?? null,
    created_at: now,
    updated_at: now,
    created_by: given.createdBy ?? context.actor.name,
  };
  await workshop.database.transaction((tx) => insertIssue(tx, row));
  return getIssue(workshop, project, id);
}

/** @throws `tracking.issue-not-found` */
export async function getIssue({ database }: Workshop, project: string, id: string): Promise<Issue> {
  const [row] = await findIssues(database, { project, id, limit: 1 });
  if (row === undefined) throw traceErrors['issue-not-found']({ issue: id.slice(0, 100), project });
  return issueOf(row);
}

/** @throws `tracking.issue-not-found` */
export async function editIssue(
  workshop: Workshop,
  at: { project: string; id: string },
  change: { readonly [Name in 'name' | 'description' | 'status' | 'severity']?: string | undefined },
): Promise<Issue> {
  await getIssue(workshop, at.project, at.id);
  const { name, description, status, severity } = change;
  await workshop.database.transaction((tx) =>
    updateIssue(tx, at.id, {
      ...(name === undefined ? {} : { name: cleanText(name, 1000) }),
      ...(description === undefined ? {} : { description: cleanText(description, longest) }),
      ...(status === undefined ? {} : { status: cleanText(status, 100) }),
      ...(severity === undefined ? {} : { severity: cleanText(severity, 100) }),
      updated_at: workshop.clock.now(),
    }),
  );
  return getIssue(workshop, at.project, at.id);
}

/** The newest first. @throws `tracking.filter-invalid`, `tracking.page-token-invalid` */
export async function searchIssues(
  workshop: Workshop,
  search: {
    readonly project: string;
    readonly experiment?: ExperimentAddress | undefined;
    readonly filter?: Filter | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<{ items: Issue[]; next?: string }> {
  const { experiment: by, filter, limit } = search;
  const { project, experiments } = await criteriaOf(workshop, {
    project: search.project,
    experiments: by === undefined ? undefined : [by],
  });
  const experiment = experiments?.[0];
  const binding = JSON.stringify(['issues', project, experiment, filter]);
  const [createdAt, number] = search.after === undefined ? [] : readPlace(search.after, binding);
  const after = createdAt === undefined ? undefined : { createdAt: Number(createdAt), number: Number(number) };
  const found = await findIssues(workshop.database, { project, experiment, filter, after, limit: limit + 1 });
  const placed = found.map((row) => ({ row, place: [row.created_at, row.number] }));
  const { rows, ...rest } = cutPage(placed, limit, binding);
  return { items: rows.map(issueOf), ...rest };
}

function issueOf(row: LabelledIssueRow): Issue {
  return {
    id: row.id,
    experimentNumber: row.experiment_sequence,
    name: row.name,
    description: row.description,
    status: row.status,
    severity: row.severity ?? undefined,
    // Only `createIssue` writes these columns.
    rootCauses: JSON.parse(row.root_causes) as string[],
    categories: JSON.parse(row.categories) as string[],
    sourceRun: row.source_run ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by ?? undefined,
    traces: row.traces,
  };
}
