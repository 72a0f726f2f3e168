export type { AgentConfiguration, AgentTokenMessage } from './agent-configuration.ts';
export { type AgentReport, type DesiredDeployment, type DesiredRevision, type DesiredState, latencyEdges } from './agent-wire.ts';
export type { ServableVersion } from './collaborators.ts';
export { parseDeploymentSpec } from './deployment-spec.ts';
export { servingMigrations } from './migrations.ts';
export type { Environment, ReplicaState } from './model.ts';
export {
  type BinaryPart,
  type InferEnvelope,
  type InferRequest,
  jsonElements,
  readEnvelope,
  readInferRequest,
  writeInferResponse,
} from './open-inference/index.ts';
export { createRoute } from './routing.ts';
export { createServing, type Serving, type ServingDeps } from './serving.ts';
export { packHistogram, scoreEdges } from './traffic-histograms.ts';
export type { DeploymentWire, PlaceWire, RevisionWire, RollbackWire, RolloutWire } from './wire.ts';
export { requireAgentOf } from './own-account.ts';
