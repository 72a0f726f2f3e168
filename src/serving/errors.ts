import { defineErrors } from '#kernel/errors.ts';

interface Place {
  readonly deployment: string;
  readonly environment: string;
}

export const servingErrors = defineErrors('serving', {
  'deployment-not-found': {
    kind: 'not-found',
    message: (a: { deployment: string; project: string; environment?: string | undefined }) =>
      `The project ${a.project} has no deployment "${a.deployment}"${a.environment === undefined ? '' : ` in ${a.environment}`}.`,
    hint: () => 'A deployment begins with a release: `ripen deploy` makes one. GET …/deployments lists those that exist.',
  },
  'deployment-name-taken': {
    kind: 'conflict',
    message: (a: { deployment: string; project: string }) => `The project ${a.project} already has a deployment called "${a.deployment}".`,
    hint: () => 'Its name is its address at the gateway, which all projects share. Choose another name in ripen.yaml.',
  },
  'deployment-other-model': {
    kind: 'conflict',
    message: (a: Place & { model: string; other: string }) =>
      `${a.deployment} in ${a.environment} serves the model ${a.model}, not ${a.other}.`,
    hint: () => 'Give the other model a deployment of its own: callers rely on inputs and outputs staying what they are.',
  },
  'invalid-name': {
    kind: 'input',
    message: (a: { deployment: string }) => `"${a.deployment}" cannot be the name of a deployment.`,
    hint: () => 'Use 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit.',
  },
  'spec-invalid': {
    kind: 'input',
    message: (a: { deployment: string; problems: readonly { path: string; problem: string }[] }) =>
      `The deployment ${a.deployment} in ripen.yaml cannot be used: ${a.problems.map((each) => (each.path === '' ? each.problem : `${each.path}: ${each.problem}`)).join('; ')}.`,
    hint: () => 'docs/deployments.md lists every key with an example.',
  },
  'model-not-servable': {
    kind: 'input',
    message: (a: { model: string; version: string; why: string }) => `Version ${a.version} of ${a.model} cannot be served: ${a.why}.`,
    hint: () => 'A served version has one file that ends in .onnx and a signature.',
  },
  'rollout-under-way': {
    kind: 'conflict',
    message: (a: Place & { rollout: string; state: string }) =>
      `${a.deployment} in ${a.environment} is in a rollout already, which is ${a.state}.`,
    hint: (a: Place & { rollout: string; state: string }) => `Wait for it, or end it: POST …/rollouts/${a.rollout}/abort.`,
  },
  'rollout-not-found': {
    kind: 'not-found',
    message: (a: { rollout: string }) => `There is no rollout ${a.rollout}.`,
  },
  'rollout-state': {
    kind: 'conflict',
    message: (a: { rollout: string; state: string; action: string }) => `The rollout is ${a.state}, so it cannot take "${a.action}".`,
  },
  'nothing-to-roll-back-to': {
    kind: 'conflict',
    message: (a: Place) => `${a.deployment} in ${a.environment} has no earlier revision that is kept warm.`,
    hint: () => 'Release an earlier model version instead.',
  },
  'agent-elsewhere': {
    kind: 'not-allowed',
    message: (a: { actor: string; account: string }) => `${a.actor} is not the agent of the account ${a.account}.`,
  },
  'blob-not-desired': {
    kind: 'not-found',
    message: (a: { digest: string; account: string }) => `No revision in ${a.account} needs the blob ${a.digest}.`,
  },
  'gateway-unreachable': {
    kind: 'unavailable',
    message: (a: { environment: string; why: string }) => `The gateway of ${a.environment} does not answer: ${a.why}.`,
    hint: () => 'Its agent may be starting. The deployment page shows the state of its replicas.',
  },
  'infer-invalid': {
    kind: 'input',
    message: (a: { why: string }) => a.why,
  },
});
