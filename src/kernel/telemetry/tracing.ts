import type { Log } from '../log.ts';

/**
 * Starts sending OpenTelemetry traces when an endpoint is set. The SDK is an optional package: code of Ripen only knows the API, which does
 * nothing until an SDK registers itself. Returns what ends it.
 */
export async function startTracing(endpoint: string | undefined, log: Log): Promise<() => Promise<void>> {
  if (endpoint === undefined) return async () => {};
  // A name that the compiler cannot follow, because the package need not be there.
  const packageName: string = '@opentelemetry/sdk-node';
  try {
    const { NodeSDK } = (await import(packageName)) as { NodeSDK: new (options: object) => { start(): void; shutdown(): Promise<void> } };
    const sdk = new NodeSDK({ serviceName: 'ripen' });
    sdk.start();
    return () => sdk.shutdown();
  } catch (error) {
    log.warn({ err: error, endpoint }, `traces are asked for, but ${packageName} is not installed; run: npm install ${packageName}`);
    return async () => {};
  }
}
