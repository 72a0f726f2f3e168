import type { PipelineRunDetailWire } from '#pipelines/index.ts';
import type { CliContext } from '../context.ts';
import { formatBytes, formatDuration, renderPairs, renderTable } from '../output.ts';

/** How long it took; undefined until it has ended. */
export const took = (start: number | undefined, end: number | undefined) =>
  start === undefined || end === undefined ? undefined : formatDuration(end - start);

/** A pipeline run with its steps, for people. */
export function describePipelineRun(context: CliContext, run: PipelineRunDetailWire): string {
  const { registered, failure } = run;
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    renderPairs([
      ['pipeline run', run.id],
      ['pipeline', run.pipeline],
      ['state', run.state],
      ['parameters', parameters.join(' ') || undefined],
      [
        'inputs',
        Object.values(run.inputs)
          .map(({ dataset, snapshot }) => `${dataset}@${snapshot}`)
          .join(' ') || undefined,
      ],
      ['commit', run.commit === undefined ? undefined : `${run.commit}${run.dirty === true ? ' with changes' : ''}`],
      ['tracked run', run.run],
      [
        'registered',
        registered === undefined
          ? undefined
          : `${registered.model} version ${registered.version}${registered.reused ? ' (as before)' : ''}`,
      ],
    ]),
    '',
    renderTable(
      run.steps,
      [
        { title: 'Step', value: ({ step }) => step },
        { title: 'State', value: ({ state }) => state },
        { title: 'Took', value: ({ startedAt, finishedAt }) => took(startedAt, finishedAt), align: 'right' },
        { title: 'Processor', value: ({ cpuMs }) => formatDuration(cpuMs), align: 'right' },
        { title: 'Memory', value: ({ peakMemoryBytes }) => formatBytes(peakMemoryBytes), align: 'right' },
        { title: 'Attempts', value: ({ attempts }) => attempts, align: 'right' },
        {
          title: 'Published',
          value: ({ published }) => published.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(' ') || undefined,
        },
        { title: 'Why it failed', value: (step) => step.failure?.message },
      ],
      context.out.columns ?? 160,
    ),
    ...(failure === undefined ? [] : ['', failure.message, ...(failure.hint === undefined ? [] : [failure.hint])]),
  ].join('\n');
}
