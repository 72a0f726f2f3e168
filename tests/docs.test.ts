import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseContract } from '#data/contract/parse-contract.ts';
import { gateKeys, sliceKeys } from '#delivery/gates/gate-declaration.ts';
import { readDeployments } from '#delivery/index.ts';
import { declarations } from '#kernel/config/settings.ts';
import { catalogue } from '#maturity/criteria/catalogue.ts';
import type { PlacedCriterion } from '#maturity/model.ts';
import { alertRuleKeys } from '#monitoring/alerts/rules.ts';
import { parseMonitorDeclaration } from '#monitoring/declaration/monitor-declaration.ts';
import { readDefinition } from '#pipelines/definition/read-definition.ts';
import { parseDeploymentSpec } from '#serving/deployment-spec.ts';

const root = join(import.meta.dirname, '..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = ['docs/**/*.md', '*.md', 'templates/*/*.md'].flatMap((pattern) => globSync(pattern, { cwd: root })).sort();

/** Rows of all tables of a page, header and rule included, cells trimmed. */
function rowsOf(text: string): string[][] {
  return text.split('\n').flatMap((line) => {
    const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).slice(1, -1) : [];
    return cells.length === 0 ? [] : [cells.map((cell) => cell.trim())];
  });
}

/** Fenced blocks whose first line is exactly ``` and `info`. */
function blocksOf(text: string, info: string): string[] {
  return text
    .split(/^```/m)
    .flatMap((part, index) => (index % 2 === 1 && part.startsWith(`${info}\n`) ? [part.slice(info.length + 1)] : []));
}

const codeOf = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const slugsOf = (text: string) =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

test('every link inside the documentation leads somewhere', () => {
  const broken = pages.flatMap((page) => {
    const prose = textOf(page)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .replaceAll(/`[^`\n]*`/g, '');
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      // Pictures are taken by a browser journey; before the first one there are none.
      if (/^[a-z]+:/.test(target) || (target.includes('screenshots/') && !existsSync(join(root, 'docs/screenshots')))) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      const found = existsSync(join(root, file)) && (anchor === undefined || slugsOf(textOf(file)).has(anchor));
      return found ? [] : [`${page} -> ${target}`];
    });
  });
  assert.deepEqual(broken, []);
});

test('every command in the documentation exists, with its options', () => {
  const known = commandsOf(textOf('docs/cli.md'));
  const wrong = pages.flatMap((page) =>
    commandLinesOf(textOf(page)).flatMap((line) => problemOf(line, known).map((problem) => `${page}: ${problem}`)),
  );
  assert.deepEqual(wrong, []);
});

interface Known {
  readonly options: ReadonlySet<string>;
  /** The word behind its name may be anything; else it must be the name of a command below it. */
  readonly takesArguments: boolean;
}

/** The commands by name, from the sections of the reference. */
function commandsOf(reference: string): ReadonlyMap<string, Known> {
  const sections = reference.split(/^#{2,} ripen /m).slice(1);
  const names = sections.map((section) => section.split('\n', 1)[0] ?? '');
  return new Map(
    sections.map((section, index) => {
      const name = names[index] ?? '';
      const options = [...section.matchAll(/^- `(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, short, long = '']) => [long, short ?? long]);
      const isGroup = names.some((other) => other.startsWith(`${name} `));
      return [
        name,
        { options: new Set(['--json', '--help', ...options]), takesArguments: !isGroup || section.includes('Usage: ') },
      ] as const;
    }),
  );
}

function commandLinesOf(text: string): string[] {
  const code = [...text.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'));
  const spans = codeOf(text.replaceAll(/^```[\s\S]*?^```/gm, ''));
  return [...code, ...spans].flatMap((line) => {
    const [, command] = /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx )?(?:node bin\/ripen\.mjs|ripen) ([a-z].*)$/.exec(line.trim()) ?? [];
    return command === undefined ? [] : [command.replace(/\s+#.*$/, '')];
  });
}

function problemOf(line: string, known: ReadonlyMap<string, Known>): string[] {
  const words = (line.split(' -- ')[0] ?? '').split(/\s+/);
  if (words[0] === 'dev') return [];
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) => known.has(candidate)) ?? '';
  const command = known.get(name);
  if (command === undefined || (words.length > 1 && name === words[0] && !command.takesArguments)) return [`"ripen ${line}" is no command`];
  const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*$/, ''));
  return options.filter((option) => !command.options.has(option)).map((option) => `"ripen ${line}" has no option ${option}`);
}

test('the page on configuration has every setting, with its variable and default', () => {
  const written = rowsOf(textOf('docs/configuration.md')).flatMap(([key = '', variable = '', value = '']) => {
    const [environment] = codeOf(variable);
    return environment !== undefined && /^(RIPEN|OTEL)_/.test(environment) ? [[codeOf(key)[0], environment, codeOf(value)[0] ?? '']] : [];
  });
  assert.deepEqual(
    written,
    declarations.map(({ key, environment, defaultText }) => [key, environment, defaultText ?? '']),
  );
});

test('every variable RIPEN_… in the documentation is read by something', () => {
  const sources = globSync('src/**/*.ts', { cwd: root })
    .filter((file) => !/test/.test(file))
    .map(textOf)
    .join('\n');
  const unknown = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\bRIPEN_[A-Z_]+/g)]
      .filter(([name]) => !/^RIPEN_(INPUT|OUTPUT|TEST)_/.test(name) && !sources.includes(name))
      .map(([name]) => `${page}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('examples of ripen.yaml and of contracts are accepted by the parsers', () => {
  const sections = [parseDeploymentSpec, parseMonitorDeclaration];
  for (const page of pages) {
    const text = textOf(page);
    for (const block of blocksOf(text, 'yaml contract')) assert.ok(parseContract(block, page).columns.length > 0);
    for (const block of blocksOf(text, 'yaml ripen')) assert.ok(readDefinition(block, page).pipelines.length > 0);
    for (const block of blocksOf(text, 'yaml deployments')) assert.equal(readDeployments(block, { file: page, sections }).length, 1);
  }
});

test('the guide names every key of a step and of a pipeline', () => {
  const keys = rowsOf(textOf('docs/guide.md')).flatMap(([cell = '']) => codeOf(cell).map((code) => code.replace('[]', '')));
  const stepKeys = [
    ...(/const stepKeys = \[([^\]]*)\]/.exec(textOf('src/pipelines/definition/read-step.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g),
  ].map(([, key]) => `steps.<name>.${key}`);
  const known = [
    ...(/const known = \[([^\]]*)\]/.exec(textOf('src/pipelines/definition/read-definition.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g),
  ].map(([, key]) => `pipelines.<name>.${key}`);
  assert.ok(stepKeys.length > 10 && known.length > 3);
  const written = keys.filter((key) => /^(steps|pipelines)\./.test(key));
  assert.deepEqual(written.toSorted(), [...stepKeys, ...known.filter((key) => !key.endsWith('.steps'))].toSorted());
});

test('the example of a deployment in the guide has every key', () => {
  const [block = ''] = blocksOf(textOf('docs/guide.md'), 'yaml deployments');
  const used = new Set(keysIn(parse(block)));
  const sections = ['gates', 'approvals', 'release', 'monitoring', 'alerts', 'needed', 'author_may_approve'];
  const declared = [
    ...sections,
    ...keysBetween('src/serving/deployment-spec.ts', { from: 'const schema =', to: 'const ownKeys' }),
    ...keysBetween('src/monitoring/declaration/monitor-declaration.ts', { from: 'const columnDrift', to: 'const section' }),
    ...gateKeys,
    ...sliceKeys,
    ...Object.keys(alertRuleKeys.shape),
  ];
  assert.ok(declared.length > 80);
  assert.deepEqual(
    declared.filter((key) => !used.has(key)),
    [],
  );
});

function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
}

/** Keys of the schemas between two places of a source, which are not exported. */
function keysBetween(file: string, { from, to }: { from: string; to: string }): string[] {
  const text = textOf(file);
  const part = text.slice(text.indexOf(from), text.indexOf(to));
  return [...part.matchAll(/(?:^|[{,(])\s*([a-z][a-z0-9_]*): (?=[a-z])/gm)].map(([, key = '']) => key);
}

test('the table of criteria is that of the catalogue', () => {
  const ids = new Set(catalogue.criteria.map(({ id }) => id));
  const written = rowsOf(textOf('docs/maturity.md')).filter(([id = '']) => ids.has(id));
  assert.deepEqual(written, catalogue.criteria.map(criterionRow));
  assert.ok(textOf('docs/maturity.md').includes('2026.11') && catalogue.version === '2026.11');
});

function criterionRow({
  id,
  title,
  stage,
  capability,
  weight,
  must,
  threshold,
  windowDays,
  minimumSample,
  measure,
  provedBy,
}: PlacedCriterion): string[] {
  const { value, unit, comparison } = threshold;
  const amount = unit === 'share' ? `${Math.round(value * 1000) / 10} %` : unit === 'count' ? `${value}` : `${value} ${unit}`;
  const measured = measure === undefined ? 'not yet' : provedBy === undefined ? 'yes' : 'partly';
  const window = windowDays === 'all' ? 'all' : `${windowDays} d`;
  return [
    id,
    title,
    stage,
    capability.title,
    `${weight}`,
    must ? 'must' : '',
    `${comparison.replace('-', ' ')} ${amount}`,
    window,
    `${minimumSample}`,
    measured,
  ];
}

test('the page on events has every type that is emitted, and no other', () => {
  const written = rowsOf(textOf('docs/events.md')).flatMap(([cell = '']) =>
    codeOf(cell).filter((code) => /^[a-z-]+(\.[a-z-]+)+$/.test(code)),
  );
  assert.deepEqual(written.toSorted(), [...emittedTypes()].toSorted());
});

/** Types as the sources write them: in the member `type` of a draft, in a constant of that name, and in the calls that hand one on. */
function emittedTypes(): ReadonlySet<string> {
  const types = new Set<string>();
  const sources = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/test|src\/(agent|cli|maturity\/facts|kernel)\//.test(file));
  for (const text of sources.map(textOf)) {
    if (!/\bemit\(|EventDraft/.test(text)) continue;
    const places = text.matchAll(/\btype: ([^,;]*?)(?:,| \})|const type = ([^;]*);|emit\(change, \w+, ([^;]*)\);/g);
    for (const [, member = '', constant = '', handed = ''] of places)
      for (const [, type = ''] of `${member} ${constant} ${handed}`.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/g)) types.add(type);
    // The only type that is put together.
    if (text.includes('`model.version.${')) types.add('model.version.archived').add('model.version.restored');
  }
  return types;
}
