/**
 * Names that the clients of traces agree on. They carry what Ripen shows apart: sessions, users, tokens, inputs and outputs.
 * Source: the tags, metadata and span attributes that MLflow's tracing clients write and read.
 */

export const traceTag = {
  name: 'mlflow.traceName',
  spansLocation: 'mlflow.trace.spansLocation',
  artifactLocation: 'mlflow.artifactLocation',
  linkedPrompts: 'mlflow.linkedPrompts',
} as const;

export const traceMetadata = {
  tokenUsage: 'mlflow.trace.tokenUsage',
  cost: 'mlflow.trace.cost',
  session: 'mlflow.trace.session',
  user: 'mlflow.trace.user',
  sourceRun: 'mlflow.sourceRun',
  sizeStats: 'mlflow.trace.sizeStats',
  finalized: 'mlflow.trace.infoFinalized',
  inputs: 'mlflow.traceInputs',
  outputs: 'mlflow.traceOutputs',
} as const;

export const spanAttribute = {
  request: 'mlflow.traceRequestId',
  experiment: 'mlflow.experimentId',
  inputs: 'mlflow.spanInputs',
  outputs: 'mlflow.spanOutputs',
  type: 'mlflow.spanType',
  tokenUsage: 'mlflow.chat.tokenUsage',
  tools: 'mlflow.chat.tools',
  messageFormat: 'mlflow.message.format',
  cost: 'mlflow.llm.cost',
  model: 'mlflow.llm.model',
  provider: 'mlflow.llm.provider',
  session: 'session.id',
  user: 'user.id',
  traceTag: 'mlflow.traceTag.',
} as const;

export const limits = {
  traceId: 50,
  key: 250,
  value: 8_000,
  preview: 1_000,
  name: 250,
  /** Spans in one upload. */
  spans: 50_000,
  linkedTraces: 100,
} as const;
