import type { Json } from '#kernel/canonical-json.ts';
import { isRecord, parsed } from './translate-span.ts';
import { limits } from './well-known.ts';

/**
 * A short text of what a trace was asked or answered: the last message of that role where it is a conversation, else the JSON.
 * At most 1,000 characters, with an ellipsis where it was cut.
 */
export function previewOf(value: Json | undefined, role: 'user' | 'assistant'): string | undefined {
  if (value === undefined || value === null) return undefined;
  const content = parsed(value) ?? value;
  return cut(messageText(content, role) ?? (typeof value === 'string' ? value : JSON.stringify(value)));
}

function cut(text: string): string {
  return text.length <= limits.preview ? text : `${text.slice(0, limits.preview - 3).toWellFormed()}...`;
}

function messageText(content: Json, role: string): string | undefined {
  const messages = messagesOf(content).filter(isRecord);
  const message = messages.findLast((candidate) => candidate['role'] === role) ?? messages.at(-1);
  return message === undefined ? undefined : textOf(message['content'] ?? message['parts']);
}

function messagesOf(content: Json): readonly Json[] {
  if (Array.isArray(content)) return content.every((item) => isRecord(item) && 'role' in item) ? content : [];
  if (!isRecord(content)) return [];
  const { messages, choices, input } = content;
  if (Array.isArray(messages)) return messages;
  if (Array.isArray(choices))
    return choices.flatMap((choice: Json) => (isRecord(choice) && choice['message'] !== undefined ? [choice['message']] : []));
  return Array.isArray(input) ? messagesOf(input) : [];
}

function textOf(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content === '' ? undefined : content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.flatMap((part: Json) => {
    const text = isRecord(part) ? (part['text'] ?? part['content']) : undefined;
    return typeof text === 'string' ? [text] : [];
  });
  return texts.length === 0 ? undefined : texts.join(' ');
}
