/** Who is signed in, and what the server says about itself. */
import { useQuery } from '@tanstack/react-query';
import { ApiError, api } from './api';
import type { Status, User } from './types';

/** null when nobody is signed in. */
async function fetchSession(): Promise<User | null> {
  try {
    return (await api.get<{ user: User }>('/session')).user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export const useSession = () => useQuery({ queryKey: ['session'], queryFn: fetchSession, staleTime: 60_000 });

export const useStatus = () => useQuery({ queryKey: ['status'], queryFn: () => api.get<Status>('/status'), staleTime: 60_000 });
