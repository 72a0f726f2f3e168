/**
 * How different instrumentations name the same facts of a span. Sources: OpenTelemetry semantic conventions for generative AI
 * (opentelemetry.io/docs/specs/semconv/gen-ai), OpenInference (github.com/Arize-ai/openinference, spec), OpenLLMetry by Traceloop, the Vercel
 * AI SDK's telemetry, Google's Agent Development Kit, Laminar and Langfuse.
 */
export interface Vocabulary {
  readonly name: string;
  /** The attribute that says what the span does, and the span type for each of its values. */
  readonly kind?: { readonly key: string; readonly types: Readonly<Record<string, string>> };
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Prefixes of messages spread over numbered attributes, such as `gen_ai.prompt.0.content`. */
  readonly inputMessages?: string;
  readonly outputMessages?: string;
  /** Span events that each carry a message, and the role they mean. */
  readonly inputEvents?: Readonly<Record<string, string>>;
  readonly outputEvents?: Readonly<Record<string, string>>;
  readonly inputTokens: readonly string[];
  readonly outputTokens: readonly string[];
  readonly totalTokens?: readonly string[];
  readonly cacheReadTokens?: readonly string[];
  readonly cacheCreationTokens?: readonly string[];
  readonly cost?: { readonly input: string; readonly output: string; readonly total: string };
  readonly model: readonly string[];
  readonly provider: readonly string[];
  readonly tools?: readonly string[];
}

const genAi: Vocabulary = {
  name: 'gen_ai',
  kind: {
    key: 'gen_ai.operation.name',
    types: {
      chat: 'CHAT_MODEL',
      create_agent: 'AGENT',
      embeddings: 'EMBEDDING',
      execute_tool: 'TOOL',
      generate_content: 'LLM',
      invoke_agent: 'AGENT',
      text_completion: 'LLM',
      response: 'LLM',
    },
  },
  inputs: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments'],
  outputs: ['gen_ai.output.messages', 'gen_ai.tool.call.result'],
  inputEvents: { 'gen_ai.system.message': 'system', 'gen_ai.user.message': 'user', 'gen_ai.assistant.message': 'assistant' },
  outputEvents: { 'gen_ai.choice': 'assistant' },
  inputTokens: ['gen_ai.usage.input_tokens'],
  outputTokens: ['gen_ai.usage.output_tokens'],
  cacheReadTokens: ['gen_ai.usage.cache_read.input_tokens'],
  cacheCreationTokens: ['gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_creation.input_tokens'],
  model: ['gen_ai.response.model', 'gen_ai.request.model'],
  provider: ['gen_ai.provider.name', 'gen_ai.system'],
  tools: ['gen_ai.tool.definitions'],
};

const openInference: Vocabulary = {
  name: 'openinference',
  kind: {
    key: 'openinference.span.kind',
    types: {
      TOOL: 'TOOL',
      CHAIN: 'CHAIN',
      LLM: 'LLM',
      RETRIEVER: 'RETRIEVER',
      EMBEDDING: 'EMBEDDING',
      AGENT: 'AGENT',
      RERANKER: 'RERANKER',
      GUARDRAIL: 'GUARDRAIL',
      EVALUATOR: 'EVALUATOR',
    },
  },
  inputs: ['input.value'],
  outputs: ['output.value'],
  inputMessages: 'llm.input_messages',
  outputMessages: 'llm.output_messages',
  inputTokens: ['llm.token_count.prompt'],
  outputTokens: ['llm.token_count.completion'],
  totalTokens: ['llm.token_count.total'],
  cacheReadTokens: ['llm.token_count.prompt_details.cache_read'],
  cacheCreationTokens: ['llm.token_count.prompt_details.cache_write'],
  cost: { input: 'llm.cost.prompt', output: 'llm.cost.completion', total: 'llm.cost.total' },
  model: ['llm.response.model_name', 'llm.model_name', 'llm.request.model_name', 'embedding.model_name'],
  provider: ['llm.provider', 'llm.system'],
};

const traceloop: Vocabulary = {
  name: 'traceloop',
  kind: { key: 'traceloop.span.kind', types: { workflow: 'WORKFLOW', task: 'TASK', agent: 'AGENT', tool: 'TOOL' } },
  inputs: ['traceloop.entity.input'],
  outputs: ['traceloop.entity.output'],
  inputMessages: 'gen_ai.prompt',
  outputMessages: 'gen_ai.completion',
  inputTokens: ['gen_ai.usage.prompt_tokens'],
  outputTokens: ['gen_ai.usage.completion_tokens'],
  totalTokens: ['llm.usage.total_tokens'],
  model: [],
  provider: ['gen_ai.system'],
};

const vercel: Vocabulary = {
  name: 'vercel_ai',
  kind: {
    key: 'ai.operationId',
    types: {
      'ai.generateText': 'LLM',
      'ai.generateText.doGenerate': 'LLM',
      'ai.streamText': 'LLM',
      'ai.streamText.doStream': 'LLM',
      'ai.generateObject': 'LLM',
      'ai.generateObject.doGenerate': 'LLM',
      'ai.streamObject': 'LLM',
      'ai.streamObject.doStream': 'LLM',
      'ai.toolCall': 'TOOL',
      'ai.embed': 'EMBEDDING',
      'ai.embed.doEmbed': 'EMBEDDING',
      'ai.embedMany': 'EMBEDDING',
      'ai.embedMany.doEmbed': 'EMBEDDING',
    },
  },
  inputs: ['ai.prompt', 'ai.prompt.messages', 'ai.toolCall.args', 'ai.value', 'ai.values'],
  outputs: ['ai.response.text', 'ai.response.object', 'ai.response.toolCalls', 'ai.toolCall.result', 'ai.embedding', 'ai.embeddings'],
  inputTokens: ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
  outputTokens: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
  totalTokens: ['ai.usage.totalTokens'],
  cacheReadTokens: ['ai.usage.cachedInputTokens'],
  model: ['ai.response.model', 'ai.model.id'],
  provider: ['ai.model.provider'],
  tools: ['ai.prompt.tools'],
};

const adk: Vocabulary = {
  name: 'google_adk',
  inputs: ['gcp.vertex.agent.llm_request', 'gcp.vertex.agent.tool_call_args'],
  outputs: ['gcp.vertex.agent.llm_response', 'gcp.vertex.agent.tool_response'],
  inputTokens: [],
  outputTokens: [],
  model: [],
  provider: [],
};

const laminar: Vocabulary = {
  name: 'laminar',
  kind: {
    key: 'lmnr.span.type',
    types: {
      LLM: 'LLM',
      TOOL: 'TOOL',
      DEFAULT: 'CHAIN',
      PIPELINE: 'CHAIN',
      EXECUTOR: 'AGENT',
      EVALUATOR: 'EVALUATOR',
      HUMAN_EVALUATOR: 'EVALUATOR',
      EVALUATION: 'EVALUATOR',
      CACHED: 'LLM',
    },
  },
  inputs: ['lmnr.span.input'],
  outputs: ['lmnr.span.output'],
  inputTokens: [],
  outputTokens: [],
  model: [],
  provider: [],
};

const langfuse: Vocabulary = {
  name: 'langfuse',
  kind: {
    key: 'langfuse.observation.type',
    types: {
      generation: 'LLM',
      embedding: 'EMBEDDING',
      tool: 'TOOL',
      retriever: 'RETRIEVER',
      agent: 'AGENT',
      chain: 'CHAIN',
      evaluator: 'EVALUATOR',
      guardrail: 'GUARDRAIL',
    },
  },
  inputs: ['langfuse.observation.input'],
  outputs: ['langfuse.observation.output'],
  inputTokens: [],
  outputTokens: [],
  model: ['langfuse.observation.model.name'],
  provider: [],
};

/** In the order in which they are asked; the first that knows a fact gives it. */
export const vocabularies: readonly Vocabulary[] = [genAi, openInference, traceloop, vercel, adk, laminar, langfuse];
