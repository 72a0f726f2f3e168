export interface ChatMessage {
  readonly role: string;
  readonly text: string;
}

/** The messages of a conversation with a model, in the shapes that its providers use; undefined when the value is none. */
export function chatMessages(value: unknown): readonly ChatMessage[] | undefined {
  const list = listOf(value);
  if (list === undefined || list.length === 0) return undefined;
  const messages = list.map(messageOf);
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value['messages'])) return value['messages'];
  if (Array.isArray(value['choices'])) return value['choices'].map((choice: unknown) => (isRecord(choice) ? choice['message'] : undefined));
  return undefined;
}

function messageOf(value: unknown): ChatMessage | undefined {
  if (!isRecord(value) || typeof value['role'] !== 'string') return undefined;
  const text = textOf(value['content'] ?? value['parts']);
  const calls = value['tool_calls'];
  const called = Array.isArray(calls) && calls.length > 0 ? JSON.stringify(calls, null, 2) : '';
  if (text === undefined && called === '') return undefined;
  return { role: value['role'], text: [text ?? '', called].filter((part) => part !== '').join('\n') };
}

function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part: unknown) => {
    const text = isRecord(part) ? (part['text'] ?? part['content']) : part;
    return typeof text === 'string' ? text : JSON.stringify(part);
  });
  return parts.join('\n');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
