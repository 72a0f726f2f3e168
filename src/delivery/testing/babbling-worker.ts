/** Says that all is well without having asked anything. */
process.once('message', () => process.send?.({ kind: 'verdict', report: { checks: [], measurements: { rows: 1 } } }));
process.send?.({ kind: 'ready' });
