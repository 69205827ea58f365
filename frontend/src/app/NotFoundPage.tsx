import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from 'components/EmptyState';
import { PageHeader } from 'components/PageHeader';

export default function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <EmptyState icon={IconMapOff} title="Nothing lives at this address" action={<Button component={Link} to="/">All projects</Button>}>
        The link may be old, or what it points to was deleted.
      </EmptyState>
    </>
  );
}
