import { type Document, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { RipenError } from '#kernel/errors.ts';
import { type DeliverySpec, parseDeliverySection } from './delivery-section.ts';
import { deliveryErrors, type DeploymentProblem } from './errors.ts';

/** One entry of `deployments:` in ripen.yaml. */
export interface DeclaredDeployment {
  readonly name: string;
  readonly model: string;
  readonly delivery: DeliverySpec;
  /** All of the entry, for the modules that own its other keys. */
  readonly declaration: Readonly<Record<string, unknown>>;
}

/**
 * Reads the keys of an entry that one module owns. Throws a `RipenError` whose details have
 * `problems: { path, problem }[]`, each path from the entry on, with dots.
 */
export type SectionParser = (deployment: string, entry: unknown) => unknown;

const sectionName = 'deployments';

/**
 * Reads `deployments:` of a ripen.yaml with the parsers of all modules that own a part of it.
 * @throws `delivery.deployments-invalid` with every problem, its line and its path
 */
export function readDeployments(
  text: string,
  { file = 'ripen.yaml', sections }: { readonly file?: string | undefined; readonly sections: readonly SectionParser[] },
): readonly DeclaredDeployment[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const problems: DeploymentProblem[] = [];
  const report: Report = (offset, path, problem) => {
    const { line, col } = lines.linePos(offset);
    problems.push({ line: Math.max(1, line), column: Math.max(1, col), path: path.join('.') || file, problem });
  };
  for (const { pos, message } of document.errors) report(pos[0], [], message);
  // What stands in a file that is no YAML is anyone's guess.
  const found = problems.length > 0 ? [] : readSection(document, { sections, report });
  if (problems.length === 0) return found;
  throw deliveryErrors['deployments-invalid']({ file, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) });
}

type Report = (offset: number, path: readonly string[], problem: string) => void;
/** Below one entry. */
type Place = (path: readonly string[], problem: string) => void;

function readSection(
  document: Document,
  { sections, report }: { readonly sections: readonly SectionParser[]; readonly report: Report },
): readonly DeclaredDeployment[] {
  const section = isMap(document.contents) ? document.contents.get(sectionName, true) : undefined;
  if (section === undefined || (isScalar(section) && section.value === null)) return [];
  if (!isMap(section)) {
    report(section.range?.[0] ?? 0, [sectionName], 'must be a map of names to deployments');
    return [];
  }
  return section.items.flatMap((pair) => {
    const name = keyOf(pair);
    const place: Place = (path, problem) => report(offsetOf(pair, path), [sectionName, name, ...path], problem);
    return readEntry(name, () => (isNode(pair.value) ? pair.value.toJS(document) : pair.value), { sections, place }) ?? [];
  });
}

function readEntry(
  name: string,
  value: () => unknown,
  { sections, place }: { sections: readonly SectionParser[]; place: Place },
): DeclaredDeployment | undefined {
  let entry: unknown;
  try {
    entry = value();
  } catch (error) {
    // An alias without its anchor, or so many that the file would unfold without end.
    place([], error instanceof Error ? error.message : String(error));
    return undefined;
  }
  if (!isRecord(entry)) {
    place([], 'must be a map; it needs at least the model that it serves');
    return undefined;
  }
  for (const parse of sections) collect(() => parse(name, entry), place);
  const delivery = collect(() => parseDeliverySection(name, entry), place);
  const model = entry['model'];
  if (typeof model !== 'string' || model === '') {
    // Who parses the section that has the model has said so already, where there is one.
    if (sections.length === 0) place(['model'], 'must name the model that it serves');
    return undefined;
  }
  return delivery && { name, model, delivery, declaration: entry };
}

function collect<Result>(parse: () => Result, place: Place): Result | undefined {
  try {
    return parse();
  } catch (error) {
    const problems = problemsOf(error);
    if (problems === undefined) throw error;
    for (const { path, problem } of problems) place(path, problem);
    return undefined;
  }
}

function problemsOf(error: unknown): readonly { path: readonly string[]; problem: string }[] | undefined {
  const problems = error instanceof RipenError ? error.details?.['problems'] : undefined;
  if (!Array.isArray(problems)) return undefined;
  return problems.map((each: unknown) => {
    const { path, problem } = isRecord(each) ? each : {};
    // A parser writes '(the entry itself)' where there is no path.
    const keys = typeof path === 'string' && !path.startsWith('(') ? path.split('.').filter((key) => key !== '') : [];
    return { path: keys, problem: String(problem) };
  });
}

/** Where the deepest part of the path that exists is written. */
function offsetOf(pair: Pair, path: readonly string[]): number {
  let found: unknown = pair.key;
  let value: unknown = pair.value;
  for (const key of path) {
    if (isMap(value)) {
      const inner: Pair | undefined = value.items.find((item) => keyOf(item) === key);
      if (inner === undefined) break;
      found = inner.key;
      value = inner.value;
    } else if (isNode(value) && 'items' in value && Array.isArray(value.items) && value.items[Number(key)] !== undefined) {
      found = value = value.items[Number(key)];
    } else break;
  }
  return isNode(found) ? (found.range?.[0] ?? 0) : 0;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
