import { MutationCache, QueryClient } from '@tanstack/react-query';
import { notifyError } from 'components/notify';
import { ApiError, whenSignedOut } from 'lib/api';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** The component shows the error itself: no notification. */
      ownError?: boolean;
    };
  }
}

/** Only what may pass by itself is tried again: no answer, or a server that is just restarting. */
function retry(failures: number, error: Error): boolean {
  const status = error instanceof ApiError ? error.status : -1;
  return failures < 2 && (status === 0 || status >= 502);
}

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: { queries: { retry, staleTime: 15_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.ownError) notifyError(error);
      },
    }),
  });
  whenSignedOut(() => client.setQueryData(['session'], null));
  return client;
}
