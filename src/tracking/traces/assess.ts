import type { Queryable } from '#kernel/database/index.ts';
import type { Workshop } from '../service.ts';
import { assessmentRow, findAssessment, markAssessment, removeAssessment, upsertAssessments } from './assessment-store.ts';
import { cleanText } from './check-trace.ts';
import { traceErrors } from './errors.ts';
import type { Assessment, AssessmentContent } from './model.ts';
import { findTraceRows, holdTraces } from './trace-store.ts';
import { limits } from './well-known.ts';

export interface NewAssessment {
  /** Left out, one is made. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly content: AssessmentContent;
  readonly source: Assessment['source'];
  readonly span?: string | undefined;
  readonly rationale?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly overrides?: string | undefined;
  readonly valid?: boolean | undefined;
  readonly createdAt?: number | undefined;
  readonly updatedAt?: number | undefined;
}

export interface TraceAddress {
  readonly project: string;
  readonly trace: string;
}

/** A whole assessment from what somebody gave of it. @throws `tracking.assessment-invalid` */
export function draftAssessment({ ids, clock }: Pick<Workshop, 'ids' | 'clock'>, given: NewAssessment): Assessment {
  if (given.name === '' || given.name.length > limits.key)
    throw traceErrors['assessment-invalid']({ problem: `its name has ${given.name.length} characters; there must be 1 to ${limits.key}` });
  const now = clock.now();
  return {
    id: given.id ?? `a-${ids.next()}`,
    name: cleanText(given.name, limits.key),
    content: given.content,
    source: { kind: given.source.kind, id: cleanText(given.source.id, limits.value) },
    span: textOf(given.span),
    rationale: given.rationale === undefined ? undefined : cleanText(given.rationale, 1_000_000),
    metadata: given.metadata ?? {},
    overrides: textOf(given.overrides),
    valid: given.valid ?? true,
    createdAt: given.createdAt ?? now,
    updatedAt: given.updatedAt ?? now,
  };
}

const textOf = (text: string | undefined) => (text === undefined ? undefined : cleanText(text, limits.key));

/** Adds an assessment; the one that it overrides is valid no more. @throws `tracking.trace-not-found`, `tracking.assessment-not-found` */
export async function addAssessment(workshop: Workshop, at: TraceAddress, given: NewAssessment): Promise<Assessment> {
  const assessment = draftAssessment(workshop, given);
  await workshop.database.transaction(async (tx) => {
    const trace = await hold(tx, at);
    const { overrides } = assessment;
    if (overrides !== undefined && !(await markAssessment(tx, { trace, id: overrides }, false))) throw missing(at, overrides);
    await upsertAssessments(tx, [assessmentRow(trace, assessment)]);
  });
  return assessment;
}

/** @throws `tracking.trace-not-found`, `tracking.assessment-not-found` */
export async function getAssessment(workshop: Workshop, at: TraceAddress, id: string): Promise<Assessment> {
  const [row] = await findTraceRows(workshop.database, at.project, [at.trace]);
  if (row === undefined) throw traceErrors['trace-not-found']({ trace: at.trace.slice(0, 100), project: at.project });
  return required(await findAssessment(workshop.database, row.number, id), at, id);
}

export interface AssessmentChange {
  readonly id: string;
  readonly name?: string | undefined;
  /** Of the kind that the assessment has. */
  readonly content?: AssessmentContent | undefined;
  readonly rationale?: string | undefined;
  /** Added to what is there. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly valid?: boolean | undefined;
}

/** @throws `tracking.trace-not-found`, `tracking.assessment-not-found`, `tracking.assessment-invalid` */
export async function editAssessment(workshop: Workshop, at: TraceAddress, change: AssessmentChange): Promise<Assessment> {
  return workshop.database.transaction(async (tx) => {
    const trace = await hold(tx, at);
    const held = required(await findAssessment(tx, trace, change.id), at, change.id);
    if (change.content !== undefined && change.content.kind !== held.content.kind)
      throw traceErrors['assessment-invalid']({ problem: `${held.content.kind} cannot become ${change.content.kind}` });
    const edited = draftAssessment(workshop, {
      ...held,
      name: change.name ?? held.name,
      content: change.content ?? held.content,
      rationale: change.rationale ?? held.rationale,
      metadata: { ...held.metadata, ...change.metadata },
      valid: change.valid ?? held.valid,
      updatedAt: workshop.clock.now(),
    });
    await upsertAssessments(tx, [assessmentRow(trace, edited)]);
    return edited;
  });
}

/** Takes an assessment away; the one it overrode is valid again. Doing it again changes nothing. @throws `tracking.trace-not-found` */
export async function deleteAssessment(workshop: Workshop, at: TraceAddress, id: string): Promise<void> {
  await workshop.database.transaction(async (tx) => {
    const trace = await hold(tx, at);
    const held = await findAssessment(tx, trace, id);
    if (held === undefined) return;
    await removeAssessment(tx, trace, id);
    if (held.overrides !== undefined) await markAssessment(tx, { trace, id: held.overrides }, true);
  });
}

async function hold(tx: Queryable, { project, trace }: TraceAddress): Promise<number> {
  const row = (await holdTraces(tx, project, [trace])).get(trace);
  if (row === undefined) throw traceErrors['trace-not-found']({ trace: trace.slice(0, 100), project });
  return row.number;
}

function required(assessment: Assessment | undefined, at: TraceAddress, id: string): Assessment {
  if (assessment === undefined) throw missing(at, id);
  return assessment;
}

function missing({ trace }: TraceAddress, id: string) {
  return traceErrors['assessment-not-found']({ trace, assessment: id.slice(0, 100) });
}
