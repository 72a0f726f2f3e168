import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Json } from '#kernel/canonical-json.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { DefinitionProblem } from '../errors.ts';

/** A value in the file and what to call it in messages. */
export interface Place {
  readonly node: Node | undefined;
  readonly name: string;
}

/** One member of a map. */
export interface Member extends Place {
  readonly key: string;
  readonly keyPlace: Place;
}

/**
 * Reads values out of a YAML file and collects every problem with its line and column, so that a person sees all of them at once.
 * Each method gives `undefined` for what is not there or not right.
 */
export class YamlReader {
  readonly problems: DefinitionProblem[] = [];
  readonly root: Place;
  readonly #lines = new LineCounter();
  readonly #resolve: (node: Node) => Node | undefined;

  constructor(text: string) {
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, merge: true });
    for (const error of [...document.errors, ...document.warnings]) this.#add(error.pos[0], error.message);
    this.root = { node: document.contents ?? undefined, name: 'the file' };
    this.#resolve = (node) => (isAlias(node) ? node.resolve(document) : node);
  }

  problem(place: Place, problem: string): undefined {
    this.#add(place.node?.range?.[0] ?? 0, problem);
    return undefined;
  }

  /** The members of a map; an empty list when it is left out. Keys other than `known` are problems. */
  members(place: Place, known?: readonly string[]): Member[] {
    const node = this.#node(place);
    if (node === undefined || (isScalar(node) && node.value === null)) return [];
    if (!isMap<Node, Node | null>(node)) {
      this.problem(place, `${place.name} must be a map of names to values`);
      return [];
    }
    const members = node.items.map(({ key, value }): Member => {
      const text = isScalar(key) ? String(key.value) : '';
      const keyPlace = { node: key, name: text };
      return { key: text, keyPlace, node: value ?? key, name: place.name === 'the file' ? text : `${place.name}.${text}` };
    });
    for (const member of members) if (known !== undefined && !known.includes(member.key)) this.#unknown(member, place, known);
    return known === undefined ? members : members.filter((member) => known.includes(member.key));
  }

  items(place: Place | undefined): Place[] {
    const node = place === undefined ? undefined : this.#node(place);
    if (place === undefined || node === undefined) return [];
    if (!isSeq<Node>(node)) {
      this.problem(place, `${place.name} must be a list`);
      return [];
    }
    return node.items.map((item, index) => ({ node: item, name: `${place.name}[${index}]` }));
  }

  text(place: Place | undefined): string | undefined {
    const value = this.#scalar(place, 'a text');
    if (value === undefined || place === undefined) return undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
    return this.problem(place, `${place.name} must be a text${typeof value === 'number' ? '; put it in quotes' : ''}`);
  }

  flag(place: Place | undefined): boolean | undefined {
    const value = this.#scalar(place, 'true or false');
    if (value === undefined || place === undefined || typeof value === 'boolean') return value as boolean | undefined;
    return this.problem(place, `${place.name} must be true or false`);
  }

  count(place: Place | undefined, most: number): number | undefined {
    const value = this.#scalar(place, 'a number');
    if (value === undefined || place === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
    return this.problem(place, `${place.name} must be a whole number from 0 to ${most}`);
  }

  choice<const Choice extends string>(place: Place | undefined, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(place);
    if (value === undefined || place === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    return found ?? this.problem(place, `${place.name} must be one of ${choices.join(', ')}, not "${value}"`);
  }

  /** Anything that JSON can say. */
  json(place: Place): Json | undefined {
    const node = this.#node(place);
    if (node === undefined) return null;
    const value: unknown = node.toJSON();
    if (isJson(value)) return value;
    return this.problem(place, `${place.name} must be a value that JSON can say`);
  }

  #node(place: Place): Node | undefined {
    return place.node === undefined ? undefined : this.#resolve(place.node);
  }

  #scalar(place: Place | undefined, wanted: string): unknown {
    if (place === undefined) return undefined;
    const node = this.#node(place);
    if (isScalar(node)) return node.value ?? this.problem(place, `${place.name} is empty; it must be ${wanted}`);
    return this.problem(place, `${place.name} must be ${wanted}`);
  }

  #unknown(member: Member, place: Place, known: readonly string[]): void {
    const nearest = nearestName(member.key, known);
    const way = nearest === undefined ? `known here are ${known.join(', ')}` : `did you mean "${nearest}"?`;
    this.problem(member.keyPlace, `"${member.key}" is not known in ${place.name}; ${way}`);
  }

  #add(offset: number, problem: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ line: Math.max(1, line), column: Math.max(1, col), problem });
  }
}

function isJson(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  return typeof value === 'object' && Object.values(value).every(isJson);
}
