import type { Command } from 'commander';
import type { VersionComparisonWire } from '#registry/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatNumber, print, renderTable } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

/** `models compare`. */
export function buildModelCompare(command: Command, context: CliContext): void {
  describeInProject(
    command.command('compare <model> <before> <after>').description('Two versions side by side'),
    'ripen models compare flight-delay @production latest',
  )
    .option('--all', 'also what is the same in both')
    .action(async (model: string, before: string, after: string, options: Given & { all?: boolean }) => {
      const { client, base } = await inProject(context, options);
      const comparison = await client.get<VersionComparisonWire>(base + url`/models/${model}/comparison`, { before, after });
      const parts = [
        comparison.metrics,
        comparison.runMetrics,
        comparison.parameters,
        comparison.schema,
        comparison.environment,
        comparison.snapshots,
        comparison.files,
        comparison.origin,
      ] as const;
      const rows = parts.flatMap((part) => part.filter(({ differs }) => differs || options.all === true));
      const changes = comparison.signature.map(
        ({ side, name, breaking }) => `The ${side} ${name} has changed${breaking ? ', and callers must change with it' : ''}.`,
      );
      print(context, options, comparison, () =>
        [
          rows.length === 0
            ? 'The versions are the same in everything.'
            : renderTable(
                rows,
                [
                  { title: 'What', value: ({ name }) => name },
                  { title: `Version ${comparison.before.version}`, value: ({ values }) => valueOf(values[0]) },
                  { title: `Version ${comparison.after.version}`, value: ({ values }) => valueOf(values[1]) },
                ],
                context.out.columns ?? 160,
              ),
          ...changes,
        ].join('\n'),
      );
    });
}

const valueOf = (value: string | number | null | undefined): string | undefined =>
  typeof value === 'number' ? formatNumber(value) : (value ?? undefined);
