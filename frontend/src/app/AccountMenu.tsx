import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api } from 'lib/api';
import { useSession } from 'lib/session';

/** Name, theme and the way out, at the same corner of every page. */
export function AccountMenu() {
  const { data: user } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    mutationFn: () => api.delete('/session'),
    onSuccess: () => {
      navigate('/sign-in');
      client.clear();
      client.setQueryData(['session'], null);
    },
  });
  if (!user) return null;
  return (
    <Menu width={240}>
      <Menu.Target>
        <UnstyledButton aria-label="Account" style={{ borderRadius: 999 }}>
          <Avatar size={32} radius="xl" name={user.name || user.email} color="mote" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" className="truncate" title={user.name}>
            {user.name}
          </Text>
          <Text size="xs" className="truncate" title={user.email}>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconUser size={16} />} component={Link} to="/account">
          Account and API keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <SegmentedControl
          mx="xs"
          mb="xs"
          size="xs"
          fullWidth
          style={{ width: 'calc(100% - 20px)' }}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
          data={[
            { value: 'auto', label: 'Auto' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
