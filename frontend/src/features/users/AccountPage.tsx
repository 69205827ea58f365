import { Box, Button, Group, PasswordInput, SegmentedControl, Stack, TextInput, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { notifyDone } from 'components/notify';
import { PageHeader } from 'components/PageHeader';
import { Section } from 'components/Section';
import { TeamList } from 'features/teams/TeamList';
import { api } from 'lib/api';
import { useSession } from 'lib/session';
import type { User } from 'lib/types';
import { SHORTEST_PASSWORD } from './AccountForm';
import { ApiKeys } from './ApiKeys';

function Profile({ user }: { user: User }) {
  const client = useQueryClient();
  const [name, setName] = useState(user.name);
  const save = useMutation({
    mutationFn: () => api.patch<User>('/users/me', { name: name.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['session'] });
      notifyDone('Name saved');
    },
  });
  return (
    <Section title="You">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack maw={420}>
          <TextInput label="Name" required value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput label="E-mail address" value={user.email} readOnly variant="filled" />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!name.trim() || name.trim() === user.name}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = useMutation({
    meta: { ownError: true },
    mutationFn: () => api.patch<User>('/users/me', { current_password: current, password: next }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      notifyDone('Password changed');
    },
  });
  const short = next !== '' && next.length < SHORTEST_PASSWORD;
  return (
    <Section title="Password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack maw={420}>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(e) => setCurrent(e.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            required
            error={short ? `At least ${SHORTEST_PASSWORD} characters` : undefined}
            value={next}
            onChange={(e) => setNext(e.currentTarget.value)}
          />
          {save.isError && <ErrorCard error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!current || next.length < SHORTEST_PASSWORD}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Theme" description="Kept in this browser.">
      <SegmentedControl
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
        data={[
          { value: 'auto', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </Section>
  );
}

export default function AccountPage() {
  const { data: user } = useSession();
  if (!user) return null;
  return (
    <Box maw={820} mx="auto">
      <PageHeader title="Account" />
      <Stack gap="lg">
      <Profile user={user} />
      <Password />
      <Theme />
      <TeamList />
      <ApiKeys />
      </Stack>
    </Box>
  );
}
