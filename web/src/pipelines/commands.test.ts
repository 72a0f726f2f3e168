import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from './commands.ts';

test('values are quoted for the shell where they must be', () => {
  equal(
    runCommand('flights', 'train', { epochs: 4, hidden_units: '32,16', until: "it's late", list: [1, 'a b'] }, true),
    `ripen pipeline run train --project flights --set epochs=4 --set hidden_units=32,16 --set 'until=it'\\''s late' --set 'list=[1,"a b"]' --fresh`,
  );
});
