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
import { SignInGate } from './frame/sign-in.tsx';
import { createAppRouter } from './router.tsx';
import { ToastLayer } from './ui/toast.tsx';
import { TipLayer } from './ui/tooltip.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id "root".');

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
