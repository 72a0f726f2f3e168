import { defineErrors } from '#kernel/errors.ts';

export const artifactErrors = defineErrors('tracking', {
  'artifact-not-found': {
    kind: 'not-found',
    message: (a: { holder: string; artifact: string }) => `${a.holder} has no artifact "${a.artifact}".`,
    hint: () => 'Name the whole path, such as plots/roc.png; the page of the run lists all of them.',
  },
  'artifact-blob-missing': {
    kind: 'input',
    message: (a: { artifact: string; digest: string }) => `The artifact "${a.artifact}" refers to ${a.digest}, but no such blob is stored.`,
    hint: () => 'Upload the content, or check the digest.',
  },
  'artifact-read-only': {
    kind: 'not-allowed',
    message: (a: { holder: string }) => `${a.holder} can only be read.`,
    hint: () => 'Register a new version of the model to change its files.',
  },
  'artifact-in-the-way': {
    kind: 'conflict',
    message: (a: { artifact: string; other: string }) =>
      `The artifact "${a.artifact}" cannot be kept beside "${a.other}": one of them is a file where the other has a folder.`,
    hint: () => 'Choose another name, or delete the other one first.',
  },
  'artifact-path-invalid': {
    kind: 'input',
    message: (a: { path: string; problem: string }) => `Invalid path "${a.path}": ${a.problem}.`,
    hint: () => 'Artifacts are named by relative paths with / between folders.',
  },
  'artifact-address-refused': {
    kind: 'not-allowed',
    message: (a: { problem: string }) => `This signed address opens nothing: ${a.problem}.`,
    hint: () => 'Ask for a new address; each is for one file, one way and a short time.',
  },
  'upload-mismatch': {
    kind: 'input',
    message: (a: { upload: string }) => `The upload ${a.upload} was begun for another file.`,
    hint: () => 'Complete or abort it at the address where it was begun.',
  },
  'upload-parts-invalid': {
    kind: 'input',
    message: (a: { problem: string }) => `The parts of the upload cannot be used: ${a.problem}.`,
    hint: () => 'Parts are numbered from 1 without gaps, up to 10,000.',
  },
});
