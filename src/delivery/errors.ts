import { defineErrors } from '#kernel/errors.ts';

/** One fault in the `deployments:` section of a ripen.yaml. Lines and columns count from 1. */
export interface DeploymentProblem {
  readonly line: number;
  readonly column: number;
  /** `deployments.flight-delay.gates.minimum_auc`. */
  readonly path: string;
  readonly problem: string;
}

export const deliveryErrors = defineErrors('delivery', {
  'release-not-found': {
    kind: 'not-found',
    message: (a: { project: string; release: string }) => `The project "${a.project}" has no release ${a.release}.`,
    hint: () => 'GET /api/v1/projects/{project}/releases lists them.',
  },
  'deployments-invalid': {
    kind: 'input',
    message: (a: { file: string; problems: readonly DeploymentProblem[] }) =>
      `The deployments in ${a.file} cannot be used: ${a.problems
        .map(({ line, column, path, problem }) => `line ${line}, column ${column}, ${path}: ${problem}`)
        .join('; ')}.`,
    hint: () => 'Correct these places; releases that are under way keep the rules they began with.',
  },
  'section-invalid': {
    kind: 'input',
    message: (a: { deployment: string; problems: readonly { path: string; problem: string }[] }) =>
      `The deployment ${a.deployment} in ripen.yaml cannot be used: ${a.problems.map((each) => `${each.path}: ${each.problem}`).join('; ')}.`,
  },
  'deployment-not-declared': {
    kind: 'not-found',
    message: (a: { project: string; deployment: string; nearest?: string | undefined }) =>
      `The ripen.yaml of the project "${a.project}" declares no deployment "${a.deployment}".${
        a.nearest === undefined ? '' : ` Did you mean "${a.nearest}"?`
      }`,
    hint: () => 'Declare it under `deployments:` with at least the model that it serves.',
  },
  'no-deployment-file': {
    kind: 'conflict',
    message: (a: { project: string; reason: string }) => `The deployments of the project "${a.project}" cannot be read: ${a.reason}.`,
    hint: () => 'A release needs the ripen.yaml in the folder of the project.',
  },
  'wrong-model': {
    kind: 'input',
    message: (a: { deployment: string; model: string; expected: string }) =>
      `The deployment "${a.deployment}" serves the model "${a.expected}", not "${a.model}".`,
    hint: () => 'Release a version of that model, or declare another deployment.',
  },
  'already-serving': {
    kind: 'conflict',
    message: (a: { deployment: string; model: string; version: number }) =>
      `Version ${a.version} of "${a.model}" serves in the deployment "${a.deployment}" already.`,
    hint: () => 'Release another version; `ripen rollback` brings an earlier one back.',
  },
  'already-on-the-way': {
    kind: 'conflict',
    message: (a: { release: string; number: number; version: number; state: string }) =>
      `Release ${a.number} already takes version ${a.version} there; it is ${a.state}.`,
    hint: (a: { release: string }) => `Follow release ${a.release}, or cancel it first.`,
  },
  'already-finished': {
    kind: 'conflict',
    message: (a: { number: number; state: string }) => `Release ${a.number} is over: it is ${a.state}.`,
  },
  'approver-not-a-person': {
    kind: 'not-allowed',
    message: (a: { actor: string }) => `${a.actor} is not a person, and only people approve releases.`,
  },
  'approver-is-author': {
    kind: 'not-allowed',
    message: (a: { approver: string; number: number }) =>
      `${a.approver} asked for release ${a.number} and cannot also approve it; its deployment wants a second person.`,
    hint: () => 'Ask a colleague, or set `approvals: { needed: 1, author_may_approve: true }` where you work alone.',
  },
  'wrong-state': {
    kind: 'conflict',
    message: (a: { from: string; to: string }) => `A release that is ${a.from} cannot become ${a.to}.`,
  },
  'cancelled-while-working': {
    kind: 'conflict',
    message: (a: { release: string }) => `The release ${a.release} was cancelled while it was worked on.`,
  },
  'gate-worker-failed': {
    kind: 'internal',
    message: (a: { reason: string }) => `The process that judges the model ended without a verdict: ${a.reason}.`,
    hint: () => 'A model that crashes ONNX Runtime here would crash in production as well.',
  },
  'rehearsal-passed': {
    kind: 'conflict',
    message: (a: { version: number }) =>
      `The gates let version ${a.version} pass, which was sent as a rehearsal of a refusal. It goes no further.`,
    hint: () => 'Either the version is better than its author thinks, or the gates of the deployment ask for too little.',
  },
  'stuck-deployment': {
    kind: 'unavailable',
    message: (a: { environment: string; reason: string }) => `The version does not serve in ${a.environment}: ${a.reason}.`,
    hint: () => 'The page of the deployment shows its replicas and why they do not start.',
  },
});
