import { defineErrors } from '#kernel/errors.ts';

export const viewErrors = defineErrors('tracking', {
  'view-not-found': {
    kind: 'not-found',
    message: (a: { view: string; project: string }) => `The project ${a.project} has no view ${a.view}, or it is private to somebody else.`,
    hint: () => 'The list of views above the runs table names those that can be opened.',
  },
  'view-exists': {
    kind: 'conflict',
    message: (a: { name: string }) => `You already have a view "${a.name}" in this project.`,
    hint: () => 'Choose another name, or save over that view.',
  },
  'view-not-yours': {
    kind: 'not-allowed',
    message: (a: { name: string; owner: string }) => `The view "${a.name}" belongs to ${a.owner}, who alone can change it.`,
    hint: () => 'Save a copy under a name of your own.',
  },
  'too-many-views': {
    kind: 'limit',
    message: (a: { limit: number }) => `You have ${a.limit} views in this project; that is the limit.`,
    hint: () => 'Delete views that nobody opens.',
  },
});
