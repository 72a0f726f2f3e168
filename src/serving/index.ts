export type { AgentConfiguration, AgentTokenMessage } from './agent-configuration.ts';
export { type AgentReport, type DesiredDeployment, type DesiredRevision, type DesiredState, latencyEdges } from './agent-wire.ts';
export type { ModelVersions, ServableVersion } from './collaborators.ts';
export type { Deployed, DeployInput } from './deploy.ts';
export { completeSpec, type DeploymentSpec, isSpecComplete, parseDeploymentSpec } from './deployment-spec.ts';
export type { EnsureInput } from './ensure-deployment.ts';
export { servingErrors } from './errors.ts';
export { servingMigrations } from './migrations.ts';
export {
  type DeployCause,
  type Deployment,
  type Environment,
  environments,
  type ReplicaState,
  type Revision,
  type RevisionId,
  type Rollback,
  type Rollout,
  type RolloutId,
  type RolloutStrategy,
} from './model.ts';
export {
  type BinaryPart,
  type InferEnvelope,
  type InferRequest,
  jsonElements,
  readEnvelope,
  readInferRequest,
  writeInferResponse,
} from './open-inference/index.ts';
export type { DeployProgress } from './release-progress.ts';
export type { RollbackInput } from './rollback.ts';
export type { RolloutAction, RolloutOrder } from './rollout-commands.ts';
export { createRoute, type Route } from './routing.ts';
export { createServing, type Serving, type ServingDeps } from './serving.ts';
export { packHistogram, scoreEdges } from './traffic-histograms.ts';
export type { DeploymentWire, PlaceWire, RevisionWire, RollbackWire, RolloutWire, TrafficSeriesWire } from './wire.ts';
