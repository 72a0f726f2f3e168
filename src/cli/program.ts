import { Command } from 'commander';
import type { Build } from './command.ts';
import type { CliContext } from './context.ts';

interface Group {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Build>;
}

/** The names and what they are for; each command is loaded when it is called. */
const groups: readonly Group[] = [
  { name: 'up', summary: 'Start the server and keep it running', load: async () => (await import('./commands/up.ts')).buildUp },
  { name: 'init', summary: 'Make a project from a template', load: async () => (await import('./commands/init.ts')).buildInit },
  {
    name: 'import',
    summary: 'Bring over what another tool has kept',
    load: async () => (await import('./commands/import.ts')).buildImport,
  },
  { name: 'run', summary: 'Run any command as a tracked run', load: async () => (await import('./commands/run.ts')).buildRun },
  {
    name: 'pipeline',
    summary: 'Run pipelines and see what they did',
    load: async () => (await import('./commands/pipeline.ts')).buildPipeline,
  },
  { name: 'data', summary: 'Load datasets and look into them', load: async () => (await import('./commands/data.ts')).buildData },
  { name: 'runs', summary: 'Find and compare tracked runs', load: async () => (await import('./commands/runs.ts')).buildRuns },
  {
    name: 'traces',
    summary: 'Find traces of model calls, look into one',
    load: async () => (await import('./commands/traces.ts')).buildTraces,
  },
  {
    name: 'experiments',
    summary: 'See, make and change experiments',
    load: async () => (await import('./commands/experiments.ts')).buildExperiments,
  },
  {
    name: 'logged-models',
    summary: 'Find models as runs logged them, take their files',
    load: async () => (await import('./commands/logged-models.ts')).buildLoggedModels,
  },
  { name: 'models', summary: 'See models, versions and their cards', load: async () => (await import('./commands/models.ts')).buildModels },
  {
    name: 'webhooks',
    summary: 'Tell other systems what happens to models',
    load: async () => (await import('./commands/webhooks.ts')).buildWebhooks,
  },
  {
    name: 'deploy',
    summary: 'Release a model version through gates to production',
    load: async () => (await import('./commands/deploy.ts')).buildDeploy,
  },
  {
    name: 'rollback',
    summary: 'Give all traffic back to the revision before',
    load: async () => (await import('./commands/rollback.ts')).buildRollback,
  },
  {
    name: 'monitor',
    summary: 'See windows, drift and quality of what is deployed',
    load: async () => (await import('./commands/monitor.ts')).buildMonitor,
  },
  {
    name: 'alerts',
    summary: 'See, acknowledge and silence alerts',
    load: async () => (await import('./commands/alerts.ts')).buildAlerts,
  },
  {
    name: 'assess',
    summary: 'Print the maturity ladder of a project',
    load: async () => (await import('./commands/assess.ts')).buildAssess,
  },
  { name: 'member', summary: 'Say who works in a project', load: async () => (await import('./commands/member.ts')).buildMember },
  { name: 'events', summary: 'Read, follow and prove the event log', load: async () => (await import('./commands/events.ts')).buildEvents },
  {
    name: 'backup',
    summary: 'Write everything Ripen keeps into a folder',
    load: async () => (await import('./commands/backup.ts')).buildBackup,
  },
  { name: 'restore', summary: 'Put a backup into a new home', load: async () => (await import('./commands/restore.ts')).buildRestore },
  {
    name: 'config',
    summary: 'Show every setting and where it came from',
    load: async () => (await import('./commands/config.ts')).buildConfig,
  },
  {
    name: 'doctor',
    summary: 'Check the machine, the home and everything stored',
    load: async () => (await import('./commands/doctor.ts')).buildDoctor,
  },
  { name: 'token', summary: 'Make and revoke access tokens', load: async () => (await import('./commands/token.ts')).buildToken },
];

/** The program with the commands that `names` needs; `all` loads every one. */
export async function createProgram(context: CliContext, names: readonly string[] | 'all'): Promise<Command> {
  const program = new Command('ripen')
    .usage('<command> [options]')
    .exitOverride()
    // `ripen deploy status --json`: the option belongs to what it follows.
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: (text) => context.err.write(text),
      getOutHelpWidth: () => context.out.columns ?? 100,
      // Reported with every other error.
      outputError: () => {},
    });
  program.option('-V, --version', 'print the version');
  for (const { name, summary, load } of groups) {
    const command = program.command(name).description(summary);
    if (names === 'all' || names.includes(name)) (await load())(command, context);
  }
  program.addHelpText('after', '\nEvery command has --help with an example, and --json for machines.');
  return program;
}
