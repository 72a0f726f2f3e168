import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { nearestName } from '#kernel/nearest-name.ts';

type Scalar = string | number | boolean | null;

/** A value of a YAML file that knows where it stands. Every reader notes a problem and gives undefined when the value is of another kind. */
export class YamlField {
  readonly path: string;
  readonly line: number;
  readonly #node: unknown;
  readonly #file: { readonly lines: LineCounter; readonly problems: string[] };

  private constructor(place: { path: string; line: number }, node: unknown, file: { lines: LineCounter; problems: string[] }) {
    this.path = place.path;
    this.line = place.line;
    this.#node = node;
    this.#file = file;
  }

  /** Parses a file; `problems` fills with sentences that begin with a line number. Undefined when it is no YAML. */
  static parse(text: string, problems: string[]): YamlField | undefined {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
    for (const error of document.errors) problems.push(`line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
    return document.errors.length > 0 ? undefined : new YamlField({ path: '', line: 1 }, document.contents, { lines, problems });
  }

  problem(text: string): undefined {
    this.#file.problems.push(`line ${this.line}: ${text}`);
    return undefined;
  }

  /** The members of a map by key, in the order of the file; any key is allowed. */
  entries(): ReadonlyMap<string, YamlField> {
    const found = new Map<string, YamlField>();
    if (!isMap(this.#node)) {
      this.problem(`${this.#label()} must be a map of keys and values`);
      return found;
    }
    for (const pair of this.#node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const start = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
      const place = { path: this.path === '' ? key : `${this.path}.${key}`, line: this.#file.lines.linePos(start).line };
      found.set(key, new YamlField(place, pair.value, this.#file));
    }
    return found;
  }

  /** The members of a map that may have the given keys only; others are problems that name the nearest right key. */
  members<const Key extends string>(keys: readonly Key[]): { readonly [Name in Key]?: YamlField } {
    const found = this.entries();
    for (const [key, field] of found) {
      if (keys.some((known) => known === key)) continue;
      const nearest = nearestName(key, keys);
      field.problem(
        `unknown key "${field.path}"${nearest === undefined ? `; known are ${keys.join(', ')}` : `, did you mean "${nearest}"?`}`,
      );
    }
    const known = keys.flatMap((key) => {
      const field = found.get(key);
      return field === undefined ? [] : [[key, field] as const];
    });
    // fromEntries forgets the keys' type; each key comes from `keys`.
    return Object.fromEntries(known) as { readonly [Name in Key]?: YamlField };
  }

  list(): readonly YamlField[] | undefined {
    if (!isSeq(this.#node)) return this.problem(`${this.#label()} must be a list`);
    return this.#node.items.map((item, index) => {
      const start = isScalar(item) ? item.range?.[0] : undefined;
      const line = start === undefined ? this.line : this.#file.lines.linePos(start).line;
      return new YamlField({ path: `${this.path}[${index}]`, line }, item, this.#file);
    });
  }

  scalar(): Scalar | undefined {
    if (this.#node === null || this.#node === undefined) return null;
    const value: unknown = isScalar(this.#node) ? this.#node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return this.problem(`${this.#label()} must be one value`);
  }

  text(): string | undefined {
    const value = this.scalar();
    return typeof value === 'string' && value !== '' ? value : this.problem(`${this.#label()} must be a text`);
  }

  number(): number | undefined {
    const value = this.scalar();
    return typeof value === 'number' && Number.isFinite(value) ? value : this.problem(`${this.#label()} must be a number`);
  }

  boolean(): boolean | undefined {
    const value = this.scalar();
    return typeof value === 'boolean' ? value : this.problem(`${this.#label()} must be true or false`);
  }

  oneOf<const Word extends string>(words: readonly Word[]): Word | undefined {
    const value = this.scalar();
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const nearest = typeof value === 'string' ? nearestName(value, words) : undefined;
    return this.problem(
      `${this.#label()} is "${String(value)}"${nearest === undefined ? ` but must be one of ${words.join(', ')}` : `, did you mean "${nearest}"?`}`,
    );
  }

  #label(): string {
    return this.path === '' ? 'the file' : `"${this.path}"`;
  }
}
