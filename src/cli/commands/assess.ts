import { type AssessmentSummaryWire, type AssessmentWire, renderLadder } from '#maturity/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import { formatTime, print, printTable } from '../output.ts';
import { inProject } from '../project.ts';

type Options = Given & { at?: string; history?: boolean; all?: boolean; record?: boolean };

export const buildAssess: Build = (command, context) => {
  describeInProject(command, 'ripen assess --at 2026-01-31')
    .option('--at <moment>', 'as of an event number or a date')
    .option('--history', 'recorded assessments, the newest first')
    .option('--record', 'keep this assessment, with an event in the log')
    .option('--all', 'also list criteria that nothing proves yet')
    .action(async (options: Options) => {
      const { client, base } = await inProject(context, options);
      if (options.history === true) {
        const { items } = await client.get<{ items: AssessmentSummaryWire[] }>(`${base}/assessments`);
        return printTable(context, options, {
          value: { items },
          rows: items,
          columns: [
            { title: 'When', value: ({ at }) => formatTime(at) },
            { title: 'Up to event', value: ({ upTo }) => upTo, align: 'right' },
            { title: 'Stage', value: ({ stage }) => stage },
            {
              title: 'Scores',
              value: ({ stages }) => stages.map(({ stage, score }) => `${stage} ${Math.floor(score * 100)} %`).join(', '),
            },
            { title: 'Catalogue', value: ({ catalogueVersion }) => catalogueVersion },
          ],
          empty: 'No assessment is recorded yet. `ripen assess --record` keeps one; one is kept every day.',
        });
      }
      const assessment =
        options.record === true
          ? await client.post<AssessmentWire>(`${base}/assessments`)
          : await client.get<AssessmentWire>(`${base}/assessment`, { at: options.at });
      return print(context, options, assessment, () =>
        renderLadder(assessment, { width: context.out.columns ?? 100, all: options.all === true }).trimEnd(),
      );
    });
};
