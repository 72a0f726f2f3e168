/** Whether the server has refused a request because it does not know who is asking. */
let needed = false;
const listeners = new Set<() => void>();

export const signInState = {
  isNeeded: (): boolean => needed,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Called for every refused request. */
export function noteRefusal(code: string): void {
  if (code !== 'identity.not-signed-in' || needed) return;
  needed = true;
  for (const listener of listeners) listener();
}

/** Shows a token to the server, which keeps it in a cookie that no script can read. @returns why not, where it is refused */
export async function signIn(token: string): Promise<string | undefined> {
  const response = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    credentials: 'same-origin',
  });
  if (response.ok) return undefined;
  const problem = (await response.json()) as { detail?: string };
  return problem.detail ?? 'The server did not accept the token.';
}
