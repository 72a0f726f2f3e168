import type { Step } from './run.ts';

/** What `npm run check` demands, each at error level. */
export const checks: readonly Step[] = [
  { title: 'format', tool: 'oxfmt', parameters: ['--check', '.'] },
  { title: 'lint', tool: 'oxlint', parameters: ['--type-aware', '--quiet'] },
  { title: 'types of the server', tool: 'tsc', parameters: ['--noEmit', '-p', 'tsconfig.json'] },
  { title: 'types of the web pages', tool: 'tsc', parameters: ['--noEmit', '-p', 'web/tsconfig.json'] },
  { title: 'unused files, exports and dependencies', tool: 'knip', parameters: [] },
  { title: 'architecture', tool: 'node', parameters: ['--test', '--test-reporter=dot', 'tests/architecture.test.ts'] },
  { title: 'lock file is complete', tool: 'npm', parameters: ['ci', '--dry-run', '--silent'] },
];
