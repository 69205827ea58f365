import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { AccountForm, type NewAccount } from 'features/users/AccountForm';
import { EntryFrame } from 'features/users/EntryFrame';
import { api } from 'lib/api';
import { roleName } from 'lib/permissions';
import { useSession } from 'lib/session';
import type { InvitationView } from './queries';

/** Where an invitation's link leads: join with the account one has, or make one. */
export default function InvitationPage() {
  const { token = '' } = useParams();
  const location = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useSession();
  const invitation = useQuery({ queryKey: ['invitation', token], queryFn: () => api.get<InvitationView>(`/invitations/${token}`), retry: false });
  const accept = useMutation({
    meta: { ownError: true },
    mutationFn: (account?: NewAccount) => api.post(`/invitations/${token}/accept`, account ?? {}),
    onSuccess: async () => {
      await client.refetchQueries({ queryKey: ['session'] });
      client.invalidateQueries({ queryKey: ['teams'] });
      client.invalidateQueries({ queryKey: ['projects'] });
      navigate('/', { replace: true });
    },
  });

  if (invitation.isError)
    return (
      <EntryFrame title="This invitation does not work">
        <ErrorCard error={invitation.error} />
        <Button variant="default" component={Link} to="/">
          Go on
        </Button>
      </EntryFrame>
    );
  if (!invitation.data || session.data === undefined)
    return (
      <EntryFrame title="Invitation">
        <Skeleton h={120} />
      </EntryFrame>
    );
  const { team_name: team, role, invited_by: by } = invitation.data;
  const description = `${by ? `${by} invites you` : 'You are invited'} to work in “${team}” as ${roleName(role).toLowerCase()}.`;
  if (session.data)
    return (
      <EntryFrame title={`Join ${team}`} description={description}>
        <Text size="sm">
          You are signed in as <b>{session.data.name}</b> ({session.data.email}).
        </Text>
        {accept.isError && <ErrorCard error={accept.error} />}
        <Button onClick={() => accept.mutate(undefined)} loading={accept.isPending}>
          Join the team
        </Button>
      </EntryFrame>
    );
  return (
    <EntryFrame title={`Join ${team}`} description={`${description} Make an account to accept.`}>
      <Stack>
        <AccountForm action="Create account and join" busy={accept.isPending} error={accept.error} onSubmit={accept.mutate} />
        <Text size="sm" ta="center" c="dimmed">
          You have an account?{' '}
          <Anchor component={Link} to={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
            Sign in
          </Anchor>
        </Text>
      </Stack>
    </EntryFrame>
  );
}
