import type { DirectCall } from '#kernel/http/index.ts';

/** Where the caller reached this server, without a slash at the end: clients follow addresses that we make as they are. */
export function serverAddress({ headers }: DirectCall): string {
  const proxied = (name: string): string | undefined => {
    const value = headers[name];
    return (typeof value === 'string' ? value : value?.[0])?.split(',')[0]?.trim();
  };
  const scheme = proxied('x-forwarded-proto') === 'https' ? 'https' : 'http';
  // The guard has let only host names pass by which this server may be addressed.
  return `${scheme}://${headers.host ?? 'localhost'}${(proxied('x-forwarded-prefix') ?? '').replace(/\/+$/, '')}`;
}
