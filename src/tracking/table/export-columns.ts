import type { Run } from '../model.ts';
import type { AttributeName, Field } from '../search/filter.ts';
import { numericAttributes, timeAttributes } from '../search/filter.ts';
import { fieldNamed } from './field.ts';

/** One column of an exported table of runs. */
export interface ExportColumn {
  /** Head: `metrics.auc`, `params.depth`, `startedAt`. */
  readonly name: string;
  readonly kind: 'number' | 'time' | 'text';
  /** Times are epoch milliseconds. */
  readonly value: (run: Run) => string | number | undefined;
}

export const exportedAttributes: readonly AttributeName[] = [
  'id',
  'name',
  'experiment',
  'state',
  'startedAt',
  'finishedAt',
  'duration',
  'user',
  'parentRun',
  'pipelineRun',
  'commit',
  'codeDigest',
  'environmentDigest',
  'computeTarget',
  'cpuMs',
  'peakMemoryBytes',
];

/** Reads `metrics.auc`, `params."learning rate"`, `name`. @throws `tracking.order-invalid` */
export function exportColumn(id: string): ExportColumn {
  return columnOf(fieldNamed(id));
}

export function columnOf(field: Exclude<Field, { kind: 'dataset' }>): ExportColumn {
  const { name } = field;
  if (field.kind === 'attribute') {
    const kind = timeAttributes.has(name) ? 'time' : numericAttributes.has(name) ? 'number' : 'text';
    return { name, kind, value: attributes[field.name] };
  }
  if (field.kind === 'parameter') return { name: `params.${name}`, kind: 'text', value: (run) => run.parameters[name] };
  if (field.kind === 'tag') return { name: `tags.${name}`, kind: 'text', value: (run) => run.tags[name] };
  return { name: `metrics.${name}`, kind: 'number', value: (run) => run.metrics.find((metric) => metric.name === name)?.value };
}

const attributes: Readonly<Record<AttributeName, (run: Run) => string | number | undefined>> = {
  id: (run) => run.id,
  name: (run) => run.name,
  state: (run) => run.state,
  experiment: (run) => run.experiment,
  startedAt: (run) => run.startedAt,
  finishedAt: (run) => run.finishedAt,
  duration: (run) => (run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt),
  user: (run) => run.startedBy.name,
  commit: (run) => run.commit,
  pipelineRun: (run) => run.pipelineRun,
  parentRun: (run) => run.parentRun,
  codeDigest: (run) => run.codeDigest,
  environmentDigest: (run) => run.environmentDigest,
  computeTarget: (run) => run.computeTarget,
  cpuMs: (run) => run.cpuMs,
  peakMemoryBytes: (run) => run.peakMemoryBytes,
};
