import { cleanCommit, pinnedEnvironment, versionedInputs } from '../measures/runs.ts';
import { type CriteriaGroup, criterion, share } from './criterion.ts';

export const versionControl: CriteriaGroup = {
  stage: 'repeatable',
  slug: 'version-control',
  title: 'Version control',
  criteria: [
    criterion({
      id: 'R-VC-1',
      title: 'Every run points to a clean commit',
      weight: 3,
      must: true,
      threshold: share(0.95),
      source: 'MS L2; SLSA Source L1',
      explanation: 'Code that was never committed cannot be run again. Local changes are such code.',
      nextStep: {
        text: 'Commit the project before running it.',
        command: 'git commit -a && ripen pipeline run train',
        page: '/:project/runs',
      },
      measure: cleanCommit,
    }),
    criterion({
      id: 'R-VC-2',
      title: 'Training data is an immutable version',
      weight: 3,
      must: true,
      threshold: share(0.9),
      source: 'GOOG L1; AIA Annex IV 2(d)',
      explanation: 'When data changes under a model, nobody can tell whether the model or the data made the difference.',
      nextStep: {
        text: 'Load the data into a dataset and read it as an input of the step.',
        command: 'ripen data load',
        page: '/:project/data',
      },
      measure: versionedInputs,
    }),
    criterion({
      id: 'R-VC-3',
      title: 'The environment is pinned',
      weight: 2,
      threshold: share(0.9),
      source: 'MLTS I1; MS L2',
      explanation: 'A new version of a library can change a result as much as new code can.',
      nextStep: {
        text: 'Keep a lock file in the project: Ripen binds its digest to each run.',
        command: 'ripen pipeline run train',
        page: '/:project/runs',
      },
      measure: pinnedEnvironment,
    }),
    criterion({
      id: 'R-VC-4',
      title: 'The default branch is protected',
      weight: 2,
      threshold: share(1),
      source: 'Scorecard Branch-Protection; SLSA Source L2',
      explanation: 'History that can be rewritten proves nothing.',
      nextStep: { text: 'Connect the repository and protect its default branch.', page: '/:project/ladder' },
      provedBy: 'What the connected forge reports on its branch rules (reviews required, no forced push, no deletion) will prove it.',
    }),
    criterion({
      id: 'R-VC-5',
      title: 'A past model can be rebuilt',
      weight: 3,
      threshold: share(0.9),
      source: 'MLTS I1',
      explanation: 'Rebuilding is the one test of whether code, data and environment were really kept.',
      nextStep: { text: 'Let Ripen train a past version again and compare its metrics.', page: '/:project/models' },
      provedBy: 'Past versions that Ripen trains again on a sample, with metrics within tolerance, will prove it.',
    }),
  ],
};
