import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from 'react-router';
import { api } from 'lib/api';
import { useStatus } from 'lib/session';
import { AccountForm, type NewAccount } from './AccountForm';
import { EntryFrame } from './EntryFrame';

/** The first visit: nobody has an account yet. */
export default function SetupPage() {
  const status = useStatus();
  const client = useQueryClient();
  const navigate = useNavigate();
  const setUp = useMutation({
    meta: { ownError: true },
    mutationFn: (account: NewAccount) => api.post('/setup', account),
    onSuccess: async () => {
      navigate('/', { replace: true });
      await Promise.all([client.refetchQueries({ queryKey: ['session'] }), client.refetchQueries({ queryKey: ['status'] })]);
    },
  });
  if (status.data && !status.data.needs_setup && setUp.isIdle) return <Navigate to="/" replace />;
  return (
    <EntryFrame title="Welcome" description="Make the first account. It is yours, on this server only; it can invite others later.">
      <AccountForm action="Create account" busy={setUp.isPending} error={setUp.error} onSubmit={setUp.mutate} />
    </EntryFrame>
  );
}
