type Fields = Readonly<Record<string, unknown>>;

export interface ProblemList {
  /** The sentence before the first problem. */
  readonly lead: string;
  readonly problems: readonly string[];
}

/** Names under which errors carry a list of what is wrong, one by one. */
const listNames = ['problems', 'failed', 'changes'] as const;

/** Takes the enumeration out of an error's sentence, when the error carries more than one problem by itself; undefined: leave the sentence whole. */
export function problemList(detail: string | undefined, details: Fields | undefined): ProblemList | undefined {
  if (detail === undefined || details === undefined) return undefined;
  const list = listNames.map((name) => details[name]).find((value) => Array.isArray(value));
  const problems = list?.map(textOf).filter((text) => text !== undefined) ?? [];
  const [first] = problems;
  if (first === undefined || problems.length < 2 || problems.length !== list?.length) return undefined;
  const at = detail.indexOf(first);
  const lead = at === -1 ? detail : detail.slice(0, at).trimEnd();
  return { lead, problems };
}

function textOf(problem: unknown): string | undefined {
  if (typeof problem === 'string') return problem;
  if (typeof problem !== 'object' || problem === null) return undefined;
  const fields: Fields = { ...problem };
  const text = fields['problem'];
  if (typeof text !== 'string') return undefined;
  if (typeof fields['line'] === 'number' && typeof fields['column'] === 'number')
    return `line ${fields['line']}, column ${fields['column']}: ${text}`;
  return typeof fields['path'] === 'string' && fields['path'] !== '' ? `${fields['path']}: ${text}` : text;
}
