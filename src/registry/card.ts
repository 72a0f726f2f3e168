import { createHash } from 'node:crypto';

/** A section of a model card (after Mitchell et al. 2019), by the headings that may open it. */
export interface CardSection {
  readonly name: string;
  readonly headings: readonly string[];
}

export const requiredSections: readonly CardSection[] = [
  { name: 'Model details', headings: ['model details', 'model description', 'overview', 'details'] },
  { name: 'Intended use', headings: ['intended use', 'intended uses', 'uses', 'use', 'intended uses & limitations'] },
  { name: 'Data', headings: ['data', 'training data', 'training details', 'datasets', 'training and evaluation data'] },
  { name: 'Metrics', headings: ['metrics', 'evaluation', 'evaluation results', 'results', 'performance'] },
  {
    name: 'Limits',
    headings: ['limits', 'limitations', 'caveats', 'caveats and recommendations', 'bias, risks, and limitations', 'risks and limitations'],
  },
  { name: 'Ethical considerations', headings: ['ethical considerations', 'ethics', 'fairness', 'risks'] },
];

export interface SectionState {
  readonly name: string;
  readonly filled: boolean;
  /** Why it does not count. */
  readonly problem: string | undefined;
}

export interface CardMeasure {
  readonly sections: readonly SectionState[];
  readonly filledFields: number;
  readonly requiredFields: number;
}

/** Texts that stand where something is to be written. Bounded, so that no text takes long. */
const placeholders = [
  /\[more information needed\]/gi,
  /\b(todo|tbd|tbc|fixme|xxx)\b:?/gi,
  /lorem ipsum[^\n]*/gi,
  /\{\{[^{}]{0,200}\}\}/g,
  /<(?:your|describe|insert)[^<>]{0,200}>/gi,
];
const fewestWords = 3;
const longestHeading = 200;

/**
 * Which required sections hold something. A section counts when words of its own remain after placeholders, comments, rules
 * and table lines are taken away.
 */
export function measureCard(text: string): CardMeasure {
  const bodies = sectionsOf(text);
  const sections = requiredSections.map(({ name, headings }): SectionState => {
    const found = headings.flatMap((heading) => bodies.get(heading) ?? []);
    const problem = found.length === 0 ? 'there is no such section' : found.some(isFilled) ? undefined : 'it says nothing yet';
    return { name, filled: problem === undefined, problem };
  });
  return { sections, filledFields: sections.filter((section) => section.filled).length, requiredFields: sections.length };
}

/** Bodies by heading, lower case. A section reaches to the next heading of its own level or above. */
function sectionsOf(text: string): ReadonlyMap<string, string[]> {
  const open: { level: number; heading: string; lines: string[] }[] = [];
  const bodies = new Map<string, string[]>();
  const close = (level: number) => {
    while ((open.at(-1)?.level ?? 0) >= level) {
      const section = open.pop();
      if (section !== undefined) bodies.set(section.heading, [...(bodies.get(section.heading) ?? []), section.lines.join('\n')]);
    }
  };
  let fence: string | undefined;
  for (const line of withoutComments(text).split(/\r?\n/)) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === undefined ? mark : fence === mark ? undefined : fence;
    const heading = fence === undefined && line.length <= longestHeading ? /^(#{1,6})\s(.*)$/.exec(line) : null;
    if (heading === null) {
      for (const section of open) section.lines.push(line);
      continue;
    }
    close(heading[1]?.length ?? 1);
    open.push({ level: heading[1]?.length ?? 1, heading: plainHeading(heading[2] ?? ''), lines: [] });
  }
  close(1);
  return bodies;
}

function withoutComments(text: string): string {
  const [first = '', ...rest] = text.split('<!--');
  return first + rest.map((part) => part.slice(part.includes('-->') ? part.indexOf('-->') + 3 : part.length)).join('');
}

/** `## 2. **Intended use**:` is the heading "intended use". */
function plainHeading(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[*_`]/g, '')
    .trim()
    .replace(/\s*#+$/, '')
    .replace(/^[\d.)\s]+/, '')
    .replace(/[:.\s]+$/, '');
}

function isFilled(body: string): boolean {
  const own = placeholders.reduce((rest, placeholder) => rest.replaceAll(placeholder, ' '), body);
  const words = own
    .split('\n')
    .filter((line) => !/^[\s|:-]*$/.test(line))
    .join(' ')
    .match(/[\p{L}\p{N}]+/gu);
  return (words?.length ?? 0) >= fewestWords;
}

/** Puts known facts in the place of `{{name}}`; unknown names stay. */
export function fillCard(text: string, facts: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? (facts[name] ?? whole) : whole,
  );
}

/** Changes with every change of the text. */
export function cardDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
