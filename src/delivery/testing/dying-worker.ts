/** Ends as a model does that makes ONNX Runtime crash. */
process.once('message', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ kind: 'ready' });
