import { type FormEvent, type ReactNode, useState, useSyncExternalStore } from 'react';
import { signIn, signInState } from '../api/sign-in.ts';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { TextField } from '../ui/text-field.tsx';
import styles from './sign-in.module.css';

/** Shows its children, until the server says that it does not know who is asking. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const needed = useSyncExternalStore(signInState.subscribe, signInState.isNeeded);
  return needed ? <SignIn /> : children;
}

function SignIn() {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const why = await signIn(token.trim()).catch(() => 'The server does not answer.');
    setBusy(false);
    setRefusal(why);
    // Everything that was refused is asked again.
    if (why === undefined) location.reload();
  }
  return (
    <main className={styles['page']}>
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <h1>Sign in to Ripen</h1>
        <TextField
          label="Access token"
          type="password"
          autoComplete="current-password"
          required
          value={token}
          onChange={setToken}
          error={refusal}
          help="Begins with ripen_. Somebody who can run commands on the server’s machine makes it:"
        />
        <CommandLine command="ripen token create laptop" />
        <Button type="submit" look="primary" busy={busy} disabled={token.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
