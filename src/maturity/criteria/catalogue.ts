/** All criteria of the ladder, in the order in which they are shown. */
import type { Catalogue } from '../model.ts';
import { automatedTesting } from './automated-testing.ts';
import { automation } from './automation.ts';
import { cloudInfrastructure } from './cloud-infrastructure.ts';
import { codingStandards } from './coding-standards.ts';
import { continuousDelivery } from './continuous-delivery.ts';
import type { CriteriaGroup } from './criterion.ts';
import { dataManagement } from './data-management.ts';
import { deploymentGuidelines } from './deployment-guidelines.ts';
import { feedbackLoops } from './feedback-loops.ts';
import { governanceAndCompliance } from './governance-and-compliance.ts';
import { infrastructure } from './infrastructure.ts';
import { integrationAndCollaboration } from './integration-and-collaboration.ts';
import { knowledgeSharing } from './knowledge-sharing.ts';
import { microservices } from './microservices.ts';
import { modularDesign } from './modular-design.ts';
import { monitoringAndAlerting } from './monitoring-and-alerting.ts';
import { multiAccount } from './multi-account.ts';
import { sandboxEnvironments } from './sandbox-environments.ts';
import { templateLibraries } from './template-libraries.ts';
import { tooling } from './tooling.ts';
import { versionControl } from './version-control.ts';

const groups: readonly CriteriaGroup[] = [
  integrationAndCollaboration,
  infrastructure,
  tooling,
  sandboxEnvironments,
  feedbackLoops,
  versionControl,
  automation,
  knowledgeSharing,
  codingStandards,
  deploymentGuidelines,
  cloudInfrastructure,
  dataManagement,
  microservices,
  modularDesign,
  templateLibraries,
  continuousDelivery,
  monitoringAndAlerting,
  governanceAndCompliance,
  automatedTesting,
  multiAccount,
];

/** Changes whenever a criterion, a threshold or a measure changes, so that an old assessment says by which rules it was made. */
export const catalogue: Catalogue = {
  version: '2026.11',
  criteria: groups.flatMap(({ criteria, ...capability }) => criteria.map((rule) => ({ ...rule, stage: capability.stage, capability }))),
};
