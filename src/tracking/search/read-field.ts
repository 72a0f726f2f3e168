import type { Token } from './lexer.ts';
import type { Reader } from './reader.ts';

export interface WrittenField {
  readonly entity: string | undefined;
  readonly key: string;
  readonly position: number;
}

/** Reads `name`, `metrics.auc`, `tags."my key"`, `` `tags`.`a`.b ``; parts with quotes must touch their dots. */
export function readField(reader: Reader): WrittenField {
  const first = reader.take();
  if (first.kind !== 'word' && !isQuoted(first)) throw reader.problem('a field such as metrics.auc or name was expected', first);
  const parts = [first];
  for (let last = first; continues(last, reader.peek());) {
    last = reader.take();
    parts.push(last);
  }
  const { position } = first;
  const dot = isQuoted(first) ? -1 : first.text.indexOf('.');
  const behind = parts.slice(1).map((part) => part.text);
  if (dot >= 0) return named(reader, { entity: first.text.slice(0, dot), key: first.text.slice(dot + 1) + behind.join(''), position });
  if (behind.length > 0) return named(reader, { entity: first.text, key: behind.join('').slice(1), position });
  return { entity: undefined, key: withSecondWord(reader, first), position };
}

function isQuoted(token: Token): boolean {
  return token.kind === 'quoted' || token.kind === 'name';
}

function continues(last: Token, next: Token): boolean {
  if (next.position !== last.end) return false;
  return isQuoted(last) ? next.kind === 'word' && next.text.startsWith('.') : last.text.endsWith('.') && isQuoted(next);
}

function named(reader: Reader, field: WrittenField): WrittenField {
  if (field.key === '') throw reader.problem(`a name must follow "${field.entity}."`);
  return field;
}

/** MLflow's own pages write the one attribute with a blank without quotes: `run name = 'x'`. */
function withSecondWord(reader: Reader, first: Token): string {
  return first.text.toLowerCase() === 'run' && reader.accept('name') ? 'run name' : first.text;
}
