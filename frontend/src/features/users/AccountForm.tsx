import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';

export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

/** The server has the same limit. */
export const SHORTEST_PASSWORD = 10;

interface Props {
  action: string;
  email?: string;
  busy: boolean;
  error: unknown;
  onSubmit: (account: NewAccount) => void;
}

/** Name, e-mail address and password of an account that is being made. */
export function AccountForm({ action, email: given = '', busy, error, onSubmit }: Props) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(given);
  const [password, setPassword] = useState('');
  const [touched, setTouched] = useState(false);
  const short = password.length < SHORTEST_PASSWORD;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (!short) onSubmit({ name: name.trim(), email: email.trim(), password });
      }}
    >
      <Stack>
        <TextInput label="Name" autoComplete="name" required data-autofocus autoFocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <TextInput
          label="E-mail address"
          description="You sign in with it. Nothing is ever sent to it."
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST_PASSWORD} characters`}
          error={touched && short ? `At least ${SHORTEST_PASSWORD} characters` : undefined}
          autoComplete="new-password"
          required
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        {Boolean(error) && <ErrorCard error={error} />}
        <Button type="submit" loading={busy}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
