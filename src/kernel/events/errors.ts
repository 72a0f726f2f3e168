import { defineErrors } from '../errors.ts';

export const eventErrors = defineErrors('events', {
  'no-such-number': {
    kind: 'not-found',
    message: (a: { number: number; size: number }) => `There is no event ${a.number}; the log has ${a.size}.`,
    hint: () => 'Event numbers start at 1. `ripen events list` shows the newest.',
  },
  'no-such-size': {
    kind: 'input',
    message: (a: { size: number; newSize: number }) => `A log of ${a.size} events cannot be a prefix of one of ${a.newSize}.`,
    hint: () => 'The older size must be between 0 and the newer one, and the newer one at most the present size.',
  },
});
