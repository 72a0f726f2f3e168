/** `in-progress` until the root span ended; `unspecified` when a client says so. */
export const traceStates = ['in-progress', 'ok', 'error', 'unspecified'] as const;

/** Who assesses: a person, a model, a program. */
export const sourceKinds = ['human', 'judge', 'code', 'unspecified'] as const;
