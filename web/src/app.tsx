/** The application: who is signed in decides between the sign-in and the console. */
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isUnauthorized } from './api.ts';
import { followServer } from './live.ts';
import { SignInPage } from './pages/sign-in.tsx';
import { FailureAlert } from './parts/failure.tsx';
import { ToastProvider } from './parts/toasts.tsx';
import { sessionQuery } from './queries.ts';
import { router } from './router.tsx';
import { signInByLink } from './session.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 300,
      refetchInterval: 15_000,
      retry: (count, error) => !isUnauthorized(error) && count < 2,
      refetchOnWindowFocus: true,
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <Gate />
      </ToastProvider>
    </QueryClientProvider>
  );
}

function Gate() {
  const linked = useQuery({
    queryKey: ['link'],
    queryFn: async () => (await signInByLink(), true),
    retry: false,
    refetchInterval: false,
    staleTime: 'static',
  });
  const session = useQuery({ ...sessionQuery, enabled: linked.isFetched });
  if (isUnauthorized(session.error)) return <SignInPage problem={linked.error} entered={() => void session.refetch()} />;
  if (session.data !== undefined) return <SignedIn />;
  return session.error === null ? null : <FailureAlert error={session.error} />;
}

function SignedIn() {
  const client = useQueryClient();
  useEffect(() => {
    const leaving = new AbortController();
    void followServer(client, leaving.signal);
    return () => leaving.abort();
  }, [client]);
  return <RouterProvider router={router} />;
}
