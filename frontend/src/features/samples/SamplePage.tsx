import { ActionIcon, Button, Group, Skeleton, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { PageHeader } from 'components/PageHeader';
import { splitPath } from 'components/PathName';
import { api } from 'lib/api';
import { useKeys } from 'lib/keys';
import { useOpenProject } from 'lib/projects';
import type { Id, Page } from 'lib/types';
import { PAGE_SIZE, filterQuery, filtersFrom, searchFrom } from './filters';
import { Labeller } from './labelling/Labeller';
import { useSegments } from './labelling/useSegments';
import { sampleKeys, samplesPath, useRefreshSamples, useSample, type Sample } from './queries';
import classes from './SamplePage.module.css';
import { SampleSide } from './SampleSide';

interface Neighbours {
  /** Addresses; null at the ends of the list, or when one came here without a list. */
  previous: string | null;
  next: string | null;
  /** Back to the list, where one was. */
  list: string;
}

/** The samples before and after this one, in the list that one came from. */
function useNeighbours(projectId: Id, id: Id): Neighbours {
  const [search] = useSearchParams();
  const filters = filtersFrom(search);
  const given = search.get('at');
  const at = given === null ? Number.NaN : Number(given);
  const offset = Math.max(0, at - 1);
  const query = { ...filterQuery(filters), sort: filters.sort, offset, limit: 3 };
  const { data } = useQuery({
    queryKey: sampleKeys.list(projectId, query),
    queryFn: () => api.get<Page<Sample>>(samplesPath(projectId), query),
    enabled: Number.isInteger(at),
  });
  const listed = searchFrom({ ...filters, page: Number.isInteger(at) ? Math.floor(at / PAGE_SIZE) + 1 : 1 });
  const list = `/projects/${projectId}/samples${listed.size ? `?${listed}` : ''}`;
  const items = data?.items ?? [];
  // When the list has changed meanwhile (a relabelled sample no longer fits the filter), the place in it counts.
  const found = items.findIndex((sample) => sample.id === id);
  const index = found >= 0 ? found : at - offset;
  const address = (place: number): string | null => {
    const sample = items[place];
    if (!sample || sample.id === id) return null;
    const to = searchFrom({ ...filters, page: 1 });
    to.set('at', String(offset + place));
    return `/projects/${projectId}/samples/${sample.id}?${to}`;
  };
  return { previous: address(index - 1), next: address(found >= 0 ? index + 1 : index), list };
}

function Step({ to, label, children }: { to: string | null; label: string; children: React.ReactNode }) {
  if (!to)
    return (
      <ActionIcon variant="default" size="lg" disabled aria-label={label}>
        {children}
      </ActionIcon>
    );
  return (
    <Tooltip label={label}>
      <ActionIcon component={Link} to={to} variant="default" size="lg" aria-label={label}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function OpenSample({ sample, neighbours }: { sample: Sample; neighbours: Neighbours }) {
  const { projectId, may } = useOpenProject();
  const navigate = useNavigate();
  const refresh = useRefreshSamples(projectId);
  const segments = useSegments(projectId, sample, refresh);
  const go = (to: string | null) => (): void | false => {
    if (!to) return false;
    navigate(to);
    return undefined;
  };
  useKeys({
    j: go(neighbours.next),
    k: go(neighbours.previous),
    ...(segments.state.selected ? {} : { arrowright: go(neighbours.next), arrowleft: go(neighbours.previous) }),
  });
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <Labeller projectId={projectId} sample={sample} segments={segments} editable={may('labeller')} />
      </div>
      <SampleSide projectId={projectId} sample={sample} segments={segments} mayLabel={may('labeller')} mayEdit={may('editor')} onGone={() => navigate(neighbours.next ?? neighbours.list)} />
    </div>
  );
}

export default function SamplePage() {
  const { projectId } = useOpenProject();
  const { sampleId = '' } = useParams();
  const sample = useSample(projectId, sampleId);
  const neighbours = useNeighbours(projectId, sampleId);
  return (
    <>
      <PageHeader
        title={splitPath(sample.data?.name ?? 'Sample').name}
        description={splitPath(sample.data?.name ?? '').folder || undefined}
        back={
          <Tooltip label="Back to the list">
            <ActionIcon component={Link} to={neighbours.list} variant="subtle" color="gray" size="lg" aria-label="Back to the list" style={{ flex: 'none' }}>
              <IconArrowLeft size={20} />
            </ActionIcon>
          </Tooltip>
        }
        actions={
          <Group gap={4}>
            <Step to={neighbours.previous} label="Previous (K)">
              <IconChevronLeft size={18} />
            </Step>
            <Step to={neighbours.next} label="Next (J)">
              <IconChevronRight size={18} />
            </Step>
          </Group>
        }
      />
      {sample.isError && (
        <>
          <ErrorCard error={sample.error} retry={() => sample.refetch()} />
          <Button mt="md" variant="default" component={Link} to={neighbours.list}>
            Back to the list
          </Button>
        </>
      )}
      {sample.isPending && <Skeleton h={460} />}
      {sample.data && <OpenSample key={sample.data.id} sample={sample.data} neighbours={neighbours} />}
    </>
  );
}
