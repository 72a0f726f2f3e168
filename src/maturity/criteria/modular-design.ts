import { type CriteriaGroup, criterion, share } from './criterion.ts';

export const modularDesign: CriteriaGroup = {
  stage: 'scalable',
  slug: 'modular-design',
  title: 'Modular design',
  criteria: [
    criterion({
      id: 'S4-MOD-1',
      title: 'Steps come from shared, versioned components',
      weight: 2,
      must: true,
      threshold: share(0.3),
      source: 'GOOG L1',
      explanation: 'A step that is copied is repaired in one copy only.',
      nextStep: { text: 'Move a step that two pipelines have into a shared component.', page: '/:project/pipelines' },
      provedBy: 'Steps that name a component with its version, used by two pipelines or more, will prove it.',
    }),
    criterion({
      id: 'S4-MOD-2',
      title: 'Components have typed inputs, tests and a pinned runtime',
      weight: 2,
      threshold: share(0.8),
      source: 'GOOG L1',
      explanation: 'Sharing spreads faults as fast as it spreads work, unless the component is tested.',
      nextStep: { text: 'Give each component its inputs and outputs, a test and a runtime.', page: '/:project/pipelines' },
      provedBy: 'The manifest of each component together with its test result will prove it.',
    }),
    criterion({
      id: 'S4-MOD-3',
      title: 'The same pipeline code in all environments',
      weight: 2,
      threshold: share(0.9),
      source: 'GOOG symmetry',
      explanation: 'A pipeline that is rewritten for production was tested somewhere else.',
      nextStep: { text: 'Run the same pipeline in each environment.', page: '/:project/pipelines' },
      provedBy: 'Pipeline runs in development, staging and production with the same definition digest will prove it.',
    }),
  ],
};
