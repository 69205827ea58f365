import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { api } from 'lib/api';
import { useSession, useStatus } from 'lib/session';
import type { User } from 'lib/types';
import { EntryFrame } from './EntryFrame';

/** Only addresses of this site are followed after signing in. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

export default function SignInPage() {
  const [search] = useSearchParams();
  const next = safeNext(search.get('next'));
  const session = useSession();
  const status = useStatus();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    meta: { ownError: true },
    mutationFn: () => api.post<User>('/session', { email: email.trim(), password }),
    onSuccess: async () => {
      client.removeQueries({ queryKey: ['projects'] });
      await client.refetchQueries({ queryKey: ['session'] });
    },
  });
  if (session.data) return <Navigate to={next} replace />;
  if (status.data?.needs_setup) return <Navigate to="/setup" replace />;
  return (
    <EntryFrame title="Sign in" description={next === '/' ? undefined : 'You are not signed in, or your session has ended. Sign in to go on where you were.'}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
          />
          {signIn.isError && <ErrorCard error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}
