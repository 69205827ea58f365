import { Center, Container, Loader } from '@mantine/core';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { useSession, useStatus } from 'lib/session';

/** Lets in who is signed in; sends others to the set-up or to the sign-in page, which leads back here. */
export function RequireSession() {
  const status = useStatus();
  const session = useSession();
  const location = useLocation();

  const failed = [status, session].find((query) => query.isError);
  if (failed)
    return (
      <Container size="xs" py={80}>
        <ErrorCard error={failed.error} retry={() => [status, session].forEach((query) => query.refetch())} />
      </Container>
    );
  if (!status.data || session.data === undefined)
    return (
      <Center h="100dvh">
        <Loader type="dots" aria-label="Loading" />
      </Center>
    );
  if (status.data.needs_setup && !session.data) return <Navigate to="/setup" replace />;
  if (!session.data) {
    const here = location.pathname + location.search;
    return <Navigate to={here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`} replace />;
  }
  return <Outlet />;
}
