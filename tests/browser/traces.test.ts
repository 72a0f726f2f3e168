import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

const hex = (number: number, length: number) => number.toString(16).padStart(length, '0');
const id = (number: number) => `tr-${hex(number, 32)}`;
const began = 1_780_000_000_000;

interface Part {
  readonly span: number;
  readonly parent?: number;
  readonly name: string;
  /** Milliseconds since the trace began. */
  readonly at: number;
  readonly took: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly error?: string;
}

const question = '{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Is AA12 late?"}]}';

const parts = (number: number): readonly Part[] => [
  {
    span: 1,
    name: 'answer',
    at: 0,
    took: 400,
    attributes: { 'mlflow.spanInputs': '"Is AA12 late?"', 'mlflow.spanOutputs': '"No."', 'mlflow.spanType': 'AGENT' },
  },
  { span: 2, parent: 1, name: 'look up', at: 10, took: 90 },
  { span: 3, parent: 2, name: 'search', at: 20, took: 60, ...(number === 2 ? { error: 'the index is gone' } : {}) },
  {
    span: 4,
    parent: 1,
    name: 'ask model',
    at: 110,
    took: 280,
    attributes: { 'mlflow.spanInputs': question, 'gen_ai.operation.name': 'chat' },
  },
];

/** One trace by OTLP, as an exporter of OpenTelemetry sends it; the root of the second one failed. */
async function send(face: Face, number: number): Promise<void> {
  const nanoseconds = (at: number) => `${began + number * 60_000 + at}000000`;
  const spans = parts(number).map(({ span, parent, name, at, took, attributes = {}, error }) => ({
    traceId: hex(number, 32),
    spanId: hex(span, 16),
    ...(parent === undefined ? {} : { parentSpanId: hex(parent, 16) }),
    name,
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at + took),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    status: error !== undefined || (number === 2 && parent === undefined) ? { code: 2, message: error ?? 'it broke' } : {},
  }));
  const answer = await fetch(`${face.ripen.address}/projects/shop/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mlflow-experiment-id': '0' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

let face: Face;
before(async () => {
  if (skip !== false) return;
  face = await openFace();
  for (const number of [1, 2, 3]) await send(face, number);
  await face.ripen.client.post(`${shop}/traces/${id(1)}/assessments`, {
    name: 'correct',
    kind: 'feedback',
    value: true,
    rationale: 'It was on time.',
  });
});
after(() => face?.close());

test('traces are filtered, and the filter stands in the address', { skip }, async () => {
  const page = await face.open('/traces');
  const rows = page.getByRole('grid', { name: 'Traces' }).getByRole('row');
  await rows.nth(3).waitFor();
  await looksRight(page);
  await page.getByLabel('Filter').fill("span.name = 'search' and span.status = 'error'");
  await page.keyboard.press('Enter');
  await page.waitForURL(/filter=/);
  await rows.nth(2).waitFor({ state: 'detached' });
  assert.match((await rows.nth(1).textContent()) ?? '', /error.*Is AA12 late\?.*No\./);
  await page.getByLabel('Filter').fill('nothing = 1');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('tracking.filter-invalid').waitFor();
  await page.getByLabel('Filter').fill("name = 'nobody'");
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Show all traces' }).click();
  await rows.nth(3).waitFor();
});

test('a trace is walked by keyboard: its spans open, close and show what they did', { skip }, async () => {
  const page = await face.open('/traces');
  await page.getByRole('grid', { name: 'Traces' }).getByRole('row').nth(3).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'answer', level: 1 }).waitFor();
  await page.getByText('It was on time.').waitFor();
  const spans = page.getByRole('tree', { name: 'Spans' }).getByRole('treeitem');
  assert.equal(await spans.count(), 4);
  await spans.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await spans.count(), 3);
  assert.equal(await spans.nth(1).getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'ask model' });
  await details.getByText('chat model').waitFor();
  await details.getByText('Is AA12 late?').waitFor();
  assert.match(page.url(), /span=0{15}4/);
  await looksRight(page);
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
});

test('what failed is told beside the span, on a narrow dark screen too', { skip }, async () => {
  const page = await face.open(`/traces/${id(2)}`, { ...narrow, ...dark });
  await page.getByRole('treeitem', { name: /error search/ }).click();
  await page.getByRole('group', { name: 'Error' }).getByText('the index is gone').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Close details' }).click();
  await looksRight(page);
});

test('a trace is assessed from its page, and deleted', { skip }, async () => {
  const page = await face.open(`/traces/${id(3)}`);
  await page.getByRole('button', { name: 'Assess…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Assess the trace' });
  await dialog.getByLabel('Value').fill('false');
  await dialog.getByLabel('Reason').fill('It was late.');
  assert.match((await dialog.textContent()) ?? '', /ripen traces assess tr-0+3 --name correct --value false --reason 'It was late.'/);
  await looksRight(page);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('It was late.').waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog', { name: 'Delete the trace' }).getByRole('button', { name: 'Delete trace' }).click();
  await page.waitForURL(/\/traces$/);
  await page.getByRole('grid', { name: 'Traces' }).getByRole('row').nth(2).waitFor();
  assert.equal((await face.ripen.client.get<{ count: number }>(`${shop}/trace-count`)).count, 2);
});

test('a trace that does not exist says so, with the code', { skip }, async () => {
  const page = await face.open('/traces/nothing');
  await page.getByRole('alert').getByText('tracking.trace-not-found').waitFor();
});
