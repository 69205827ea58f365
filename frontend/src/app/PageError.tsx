import { Alert, Button, Code, Container, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { Link, useRouteError } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { ApiError } from 'lib/api';

/** A page that broke. The rest of the app goes on; a page that was replaced by an update asks for a reload. */
export function PageError() {
  const error = useRouteError();
  const message = error instanceof Error ? error.message : String(error);
  const reload = () => window.location.reload();
  if (error instanceof ApiError) return <ErrorCard error={error} retry={reload} />;
  const outdated = /ChunkLoadError|Loading (CSS )?chunk/.test(`${error instanceof Error ? error.name : ''} ${message}`);
  return (
    <Container size="sm" py="xl">
      <Alert
        color={outdated ? 'blue' : 'red'}
        icon={<IconAlertCircle />}
        title={outdated ? 'Mote Studio was updated' : 'This page stopped working'}
        role="alert"
      >
        <Stack align="flex-start">
          <Text size="sm">
            {outdated
              ? 'This page comes from an older version. Load it again to go on; nothing is lost.'
              : 'That is a mistake in Mote Studio, not in your data. Load the page again; if it comes back, report it with these words:'}
          </Text>
          {!outdated && (
            <Code block w="100%" style={{ whiteSpace: 'pre-wrap' }}>
              {message}
            </Code>
          )}
          <Group>
            <Button size="xs" onClick={reload}>
              Load again
            </Button>
            <Button size="xs" variant="default" component={Link} to="/">
              All projects
            </Button>
          </Group>
        </Stack>
      </Alert>
    </Container>
  );
}
