import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobHead } from './blob-head.ts';

const nothing = { range: undefined, ifRange: undefined, ifNoneMatch: undefined };
const page = { name: 'a/report.html', digest: 'sha256:00', size: 10, mediaType: 'text/html; charset=utf-8', download: false };
const policyOf = (framed: boolean) => blobHead(nothing, { ...page, framed }).headers['content-security-policy'] ?? '';

test('scripts of an artifact run in no page of ours, and in a frame without a way to any server', () => {
  assert.match(policyOf(false), /^sandbox;/);
  assert.doesNotMatch(policyOf(false), /script/);
  const framed = policyOf(true);
  assert.match(framed, /^sandbox allow-scripts;/);
  assert.match(framed, /default-src 'none'/);
  assert.match(framed, /frame-ancestors 'self'/);
  for (const way of ['allow-same-origin', 'allow-forms', 'allow-popups', 'allow-top-navigation', 'connect-src', 'http'])
    assert.ok(!framed.includes(way), way);
});
