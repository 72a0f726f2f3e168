import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/tokens.css';
import './ui/reset.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/queries.ts';
import { ownAddress, readMlflowAddress } from './frame/mlflow-address.ts';
import { SignInGate } from './frame/sign-in.tsx';
import { createAppRouter } from './router.tsx';
import { ToastLayer } from './ui/toast.tsx';
import { TipLayer } from './ui/tooltip.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id "root".');

// MLflow's clients print addresses of its own pages; who follows one shall find the run.
const foreign = readMlflowAddress(location.pathname, location.hash);
const own = foreign === undefined ? undefined : await ownAddress(foreign).catch(() => undefined);
if (own !== undefined) history.replaceState(null, '', own);

const queries = createQueryClient();
const router = createAppRouter(queries);

createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <SignInGate>
          <RouterProvider router={router} />
        </SignInGate>
        <ToastLayer />
        <TipLayer />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
