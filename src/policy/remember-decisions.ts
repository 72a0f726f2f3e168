import type { Question } from './engine.ts';
import type { Decision } from './model.ts';

/** Project names come from addresses, so there can be any number of questions. */
const mostKept = 2000;

/**
 * Answers a question that was asked before from memory. Policies never change while a server runs, and everything they look at is in the
 * question, so the answer cannot be another one; who a token belongs to, and whether it still holds, is found out before.
 */
export function rememberDecisions(decide: (question: Question) => Decision): (question: Question) => Decision {
  const kept = new Map<string, Decision>();
  return (question) => {
    const key = JSON.stringify(question);
    const found = kept.get(key);
    if (found !== undefined) return found;
    const decision = decide(question);
    kept.set(key, decision);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
    return decision;
  };
}
