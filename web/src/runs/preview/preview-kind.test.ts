import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksBinary, previewKind } from './preview-kind.ts';

test('a file is shown by what its name and its media type say', () => {
  const kinds: Readonly<Record<string, string>> = {
    'a.csv|text/csv; charset=utf-8': 'table',
    'a.PARQUET|application/vnd.apache.parquet': 'table',
    'a.svg|image/svg+xml': 'image',
    'a.html|text/html; charset=utf-8': 'html',
    'a.md|text/markdown; charset=utf-8': 'markdown',
    'a.json|application/json': 'json',
    'a.yaml|application/yaml': 'text',
    'a.py|text/plain; charset=utf-8': 'text',
    'a.mp4|video/mp4': 'video',
    'a.wav|audio/wav': 'audio',
    'MLmodel|text/plain; charset=utf-8': 'model',
    'model.pkl|application/octet-stream': 'none',
    'checkpoint|application/octet-stream': 'unknown',
  };
  for (const [file, kind] of Object.entries(kinds)) {
    const [name = '', mediaType = ''] = file.split('|');
    assert.equal(previewKind({ name, mediaType }), kind, file);
  }
  assert.equal(previewKind({ name: 'x' }), 'unknown');
});

test('a NUL near the beginning means that a file is no text', () => {
  assert.ok(looksBinary('ab\0c'));
  assert.ok(!looksBinary('ab\nc'));
});
