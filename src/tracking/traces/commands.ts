import type { ChangeContext } from '#kernel/events/index.ts';
import type { Workshop } from '../service.ts';
import * as assessments from './assess.ts';
import { deleteTraces, type TraceDeletion } from './delete-traces.ts';
import * as edits from './edit-trace.ts';
import { correlateFilters } from './correlate-filters.ts';
import { countFoundTraces, findTraces, type TraceSearch } from './find-traces.ts';
import { createIssue, editIssue, getIssue, searchIssues } from './issues.ts';
import { type MeasureTraces, measureTraces } from './measure-traces.ts';
import { readTraceFile } from './read-trace-file.ts';
import { getTrace, getTraces, getTracesWithSpans } from './read-traces.ts';
import { recordSpans, type SpanUpload } from './record-spans.ts';
import { beginTrace, endTrace, recordTrace, type TraceDraft } from './record-trace.ts';

/** Everything that can be asked of traces. */
export function traceCommands(workshop: Workshop) {
  return {
    recordSpans: (context: ChangeContext, upload: SpanUpload) => recordSpans(workshop, context, upload),
    recordTrace: (context: ChangeContext, draft: TraceDraft) => recordTrace(workshop, context, draft),
    beginTrace: (context: ChangeContext, draft: Parameters<typeof beginTrace>[2]) => beginTrace(workshop, context, draft),
    endTrace: (context: ChangeContext, end: Parameters<typeof endTrace>[2]) => endTrace(workshop, context, end),
    trace: (project: string, id: string) => getTrace(workshop, project, id),
    traces: (project: string, ids: readonly string[]) => getTraces(workshop, project, ids),
    tracesWithSpans: (project: string, ids: readonly string[]) => getTracesWithSpans(workshop, project, ids),
    findTraces: (search: TraceSearch) => findTraces(workshop, search),
    countTraces: (search: Omit<TraceSearch, 'order' | 'after' | 'limit'>) => countFoundTraces(workshop, search),
    correlateFilters: (search: Parameters<typeof correlateFilters>[1]) => correlateFilters(workshop, search),
    measureTraces: (wanted: MeasureTraces) => measureTraces(workshop, wanted),
    /** Spans that a client keeps in a file beside the trace. */
    spansOfFile: (at: assessments.TraceAddress) => readTraceFile(workshop, at),
    createIssue: (context: ChangeContext, given: Parameters<typeof createIssue>[2]) => createIssue(workshop, context, given),
    issue: (project: string, id: string) => getIssue(workshop, project, id),
    editIssue: (at: { project: string; id: string }, change: Parameters<typeof editIssue>[2]) => editIssue(workshop, at, change),
    searchIssues: (search: Parameters<typeof searchIssues>[1]) => searchIssues(workshop, search),
    setTraceTag: (at: assessments.TraceAddress, tag: { name: string; value: string }) => edits.setTraceTag(workshop, at, tag),
    removeTraceTag: (at: assessments.TraceAddress, name: string) => edits.removeTraceTag(workshop, at, name),
    linkTracesToRun: (link: { project: string; traces: readonly string[]; run: string }) => edits.linkTracesToRun(workshop, link),
    linkPrompts: (at: assessments.TraceAddress, prompts: Parameters<typeof edits.linkPrompts>[2]) =>
      edits.linkPrompts(workshop, at, prompts),
    deleteTraces: (context: ChangeContext, deletion: TraceDeletion) => deleteTraces(workshop, context, deletion),
    addAssessment: (at: assessments.TraceAddress, given: assessments.NewAssessment) => assessments.addAssessment(workshop, at, given),
    assessment: (at: assessments.TraceAddress, id: string) => assessments.getAssessment(workshop, at, id),
    editAssessment: (at: assessments.TraceAddress, change: assessments.AssessmentChange) =>
      assessments.editAssessment(workshop, at, change),
    deleteAssessment: (at: assessments.TraceAddress, id: string) => assessments.deleteAssessment(workshop, at, id),
  };
}

export type TraceCommands = ReturnType<typeof traceCommands>;
