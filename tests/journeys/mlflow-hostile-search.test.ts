import assert from 'node:assert/strict';
import { testOnEachServer } from '../testing/mlflow-server.ts';
import type { Wire, WireReply } from '../testing/mlflow-wire.ts';

// Filters, orders and page tokens that mean harm, sent to every search of the protocol.

const other = '/projects/other/api/2.0/mlflow';

interface Search {
  readonly name: string;
  readonly ask: (
    wire: Wire,
    asked: { filter?: string; order_by?: string[]; page_token?: string; max_results?: number },
  ) => Promise<WireReply>;
  /** A field of texts, and names of the list in the answer. */
  readonly text: string;
  readonly list: string;
}

const query = (asked: { filter?: string; order_by?: string[]; page_token?: string; max_results?: number }): string => {
  const search = new URLSearchParams();
  if (asked.filter !== undefined) search.set('filter', asked.filter);
  for (const term of asked.order_by ?? []) search.append('order_by', term);
  if (asked.page_token !== undefined) search.set('page_token', asked.page_token);
  if (asked.max_results !== undefined) search.set('max_results', String(asked.max_results));
  return search.toString();
};

const location = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '1' } };
const searches: readonly Search[] = [
  { name: 'runs', text: 'tags.t', list: 'runs', ask: (wire, asked) => wire.post('runs/search', { experiment_ids: ['1'], ...asked }) },
  {
    name: 'experiments',
    text: 'name',
    list: 'experiments',
    ask: (wire, asked) => wire.post('experiments/search', { max_results: 100, ...asked }),
  },
  {
    name: 'logged models',
    text: 'name',
    list: 'models',
    ask: (wire, { order_by: order, ...asked }) =>
      wire.post('logged-models/search', {
        experiment_ids: ['1'],
        ...asked,
        ...(order === undefined ? {} : { order_by: order.map((term) => ({ field_name: term })) }),
      }),
  },
  {
    name: 'models',
    text: 'name',
    list: 'registered_models',
    ask: (wire, asked) => wire.call('GET', `registered-models/search?${query(asked)}`),
  },
  {
    name: 'versions',
    text: 'name',
    list: 'model_versions',
    ask: (wire, asked) => wire.call('GET', `model-versions/search?${query(asked)}`),
  },
  {
    name: 'traces',
    text: 'tags.t',
    list: 'traces',
    ask: (wire, asked) => wire.post('/api/3.0/mlflow/traces/search', { locations: [location], ...asked }),
  },
  {
    name: 'evaluation datasets',
    text: 'name',
    list: 'datasets',
    ask: (wire, { filter, ...asked }) =>
      wire.post('/api/3.0/mlflow/datasets/search', {
        experiment_ids: ['1'],
        ...asked,
        ...(filter === undefined ? {} : { filter_string: filter }),
      }),
  },
];

const texts = [
  "' OR '1'='1",
  "'; DROP TABLE runs; --",
  "') UNION SELECT name, sql FROM sqlite_master --",
  "\\'; select pg_sleep(5); --",
  '%',
  '_',
  'e%\\',
  '$1',
  '?',
  ':name',
  '${jndi:ldap://x}',
  '\u2019 or 1=1',
  '%27%20or%201=1',
];
const raw = [
  "name = 'x' OR 1=1",
  "name = 'x'; DROP TABLE runs",
  "name = 'x' -- ",
  "name = 'x' /* */",
  '1=1',
  'name = (SELECT name FROM runs)',
  'name = name',
  "name = 'x' UNION SELECT 1",
  "tags.`a'; drop table runs; --` = 'x'",
  'tags."a\\"; drop table runs; --" = \'x\'',
  "name LIKE 'a' ESCAPE 'x'",
  'pg_sleep(5) = 1',
  "name = 'x",
  "name IN ('a', SELECT 1)",
  `name = '${'a'.repeat(12_000)}'`,
  "__proto__ = 'x'",
  "constructor.name = 'x'",
  "tags.__proto__ = 'x'",
  "name = '\\u0000'",
  "name RLIKE '['",
  "name RLIKE '(a)\\\\1'",
  "name RLIKE '(?=a)a'",
  "name RLIKE '^(a|a)*$'",
  "tags.t RLIKE '^(a|aa)+$'",
  'name RLIKE 1',
];
const orders = [
  'name; drop table runs',
  'name desc, (select 1)',
  'case when 1=1 then name end',
  '1',
  'name desc nulls first',
  "tags.`'; drop table runs`",
  '__proto__',
  '',
  '\u0000',
  'name desc desc',
];

/** What a hostile text may be answered with: nothing found, or a refusal in the words of the protocol. Never an error of ours. */
function harmless({ status, body, bytes }: WireReply, what: string): void {
  assert.ok(status === 200 || status === 400, `${what}: ${status} ${bytes.toString().slice(0, 500)}`);
  if (status === 400) {
    assert.equal(body.error_code, 'INVALID_PARAMETER_VALUE', what);
    assert.doesNotMatch(body.message ?? '', /sqlite|postgres|syntax error|SELECT .* FROM "/i, what);
  }
}

async function fill(wire: Wire): Promise<void> {
  const ok = async (reply: Promise<WireReply>): Promise<WireReply> => {
    const { status, bytes } = await reply;
    assert.equal(status, 200, bytes.toString());
    return reply;
  };
  await ok(wire.post('experiments/create', { name: 'one' }));
  for (const name of ['a', 'b', `${'a'.repeat(60)}!`]) {
    await ok(wire.post('experiments/create', { name: `experiment ${name}` }));
    await ok(wire.post('runs/create', { experiment_id: '1', run_name: name, start_time: 1, tags: [{ key: 't', value: name }] }));
    await ok(wire.post('logged-models', { experiment_id: '1', name }));
    await ok(wire.post('registered-models/create', { name }));
    await ok(wire.post('model-versions/create', { name, source: 's3://bucket/model' }));
    await ok(wire.post('/api/3.0/mlflow/datasets/create', { name, experiment_ids: ['1'] }));
    const trace = {
      trace_id: `tr-${name.slice(0, 9)}`,
      trace_location: location,
      request_time: '2026-01-01T00:00:00Z',
      state: 'OK',
      tags: { t: name },
    };
    await ok(wire.post('/api/3.0/mlflow/traces', { trace: { trace_info: trace } }));
  }
}

/** How many a reply lists. */
function count({ bytes }: WireReply, list: string): number {
  const body = JSON.parse(bytes.toString()) as Readonly<Record<string, readonly unknown[] | undefined>>;
  return body[list]?.length ?? 0;
}

testOnEachServer('filters and orders meant as SQL find nothing and break nothing, in every search', async ({ wire }) => {
  await fill(wire);
  for (const { name, ask, text, list } of searches) {
    const all = count(await ask(wire, {}), list);
    assert.ok(all >= 3, `${name}: ${all}`);
    for (const value of texts) {
      const quoted = value.includes("'") ? (value.includes('"') ? undefined : `"${value}"`) : `'${value}'`;
      for (const operator of ['=', 'LIKE', 'ILIKE', 'IN']) {
        const written = quoted ?? `'${value.replaceAll("'", '')}'`;
        const reply = await ask(wire, { filter: `${text} ${operator} ${operator === 'IN' ? `(${written})` : written}` });
        harmless(reply, `${name}: ${text} ${operator} ${written}`);
        if (reply.status === 200 && value !== '%' && value !== '_')
          assert.equal(count(reply, list), 0, `${name}: ${text} ${operator} ${written}`);
      }
    }
    for (const filter of raw) harmless(await ask(wire, { filter }), `${name}: ${filter.slice(0, 200)}`);
    for (const term of orders) harmless(await ask(wire, { order_by: [term] }), `${name}: order by ${term}`);
    assert.equal(count(await ask(wire, {}), list), all, `${name}: all is there still`);
  }
});

testOnEachServer('a page token that was tampered with, or is of another search, order or project, is refused', async ({ wire, server }) => {
  await fill(wire);
  await server.client.post('/api/v1/projects', { name: 'other' });
  const tokens = new Map<string, string>();
  for (const { name, ask } of searches) {
    const token = (await ask(wire, { max_results: 1 })).body.next_page_token;
    assert.ok(token !== undefined && token !== '', `${name} has a second page`);
    assert.equal((await ask(wire, { max_results: 1, page_token: token })).status, 200, `${name}: its own token`);
    tokens.set(name, token);
  }
  const refused = (reply: WireReply, what: string): void => {
    assert.equal(reply.status, 400, `${what}: ${reply.bytes.toString().slice(0, 300)}`);
    assert.equal(reply.body.error_code, 'INVALID_PARAMETER_VALUE', what);
  };
  for (const { name, ask } of searches) {
    const token = tokens.get(name) ?? '';
    for (const [from, foreign] of tokens)
      if (from !== name) refused(await ask(wire, { max_results: 1, page_token: foreign }), `${name} with a token of ${from}`);
    const bytes = Buffer.from(token, 'base64url');
    const forged = [
      'x',
      'null',
      '%00',
      `${token.slice(0, -4)}AAAA`,
      token.slice(0, token.length / 2),
      token.slice(4),
      Buffer.from('{"offset": 1}').toString('base64'),
      Buffer.from('null').toString('base64url'),
      Buffer.from('[]').toString('base64url'),
      Buffer.from(JSON.stringify({ __proto__: 1 })).toString('base64url'),
      Buffer.from(bytes.toString('latin1').replace(/[a-z]/, 'Q'), 'latin1').toString('base64url'),
      'a'.repeat(12_000),
      "' OR 1=1 --",
      '💥',
    ];
    for (const each of forged)
      if (each !== token) refused(await ask(wire, { max_results: 1, page_token: each }), `${name} with ${each.slice(0, 100)}`);
  }
  const elsewhere = await wire.post(`${other}/experiments/search`, { max_results: 1, page_token: tokens.get('experiments') });
  refused(elsewhere, 'a token of another project');
  refused(
    await wire.post('runs/search', { experiment_ids: ['1'], filter: "tags.t = 'a'", max_results: 1, page_token: tokens.get('runs') }),
    'with another filter',
  );
  refused(
    await wire.post('runs/search', { experiment_ids: ['2'], max_results: 1, page_token: tokens.get('runs') }),
    'with another experiment',
  );
  refused(
    await wire.post('runs/search', { experiment_ids: ['1'], order_by: ['metrics.m'], max_results: 1, page_token: tokens.get('runs') }),
    'with another order',
  );
});
