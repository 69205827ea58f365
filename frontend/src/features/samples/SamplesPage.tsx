import { Button, Group, Menu, Pagination, Paper, SegmentedControl, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconActivity, IconArrowsSplit2, IconDots, IconSearch, IconUpload, IconWaveSine } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { PageHeader } from 'components/PageHeader';
import { useOpenProject } from 'lib/projects';
import type { Split } from 'lib/types';
import { bulkTarget, useBulk, type BulkAction } from './bulk';
import { BulkBar } from './BulkBar';
import { DEFAULT_SORT, PAGE_SIZE, UNLABELLED, filtersFrom, isFiltered, searchFrom, type Filters } from './filters';
import { useLabels, useSamples, type Sample } from './queries';
import { SampleTable } from './SampleTable';
import { NOTHING, isEmpty, type Selection } from './selection';
import { SplitDialog } from './SplitDialog';
import { SummaryStrip } from './SummaryStrip';
import { DropZone } from './upload/DropZone';
import { UploadDialog } from './upload/UploadDialog';
import { useUploadDialog } from './upload/useUploadDialog';

interface FilterBarProps {
  filters: Filters;
  labels: string[];
  onChange: (change: Partial<Filters>) => void;
}

function FilterBar({ filters, labels, onChange }: FilterBarProps) {
  const [text, setText] = useState(filters.search);
  const search = useDebouncedCallback((value: string) => onChange({ search: value.trim() }), 250);
  useEffect(() => setText(filters.search), [filters.search]);
  return (
    <Group gap="xs" mb="sm">
      <TextInput
        style={{ flex: '1 1 180px' }}
        maw={{ sm: 320 }}
        aria-label="Search samples"
        placeholder="Search names and metadata"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <Select
        w={{ base: '100%', xs: 180 }}
        aria-label="Label"
        placeholder="All labels"
        clearable
        allowDeselect
        searchable
        data={[...labels.map((label) => ({ value: `=${label}`, label })), { value: UNLABELLED, label: 'No single label' }]}
        value={filters.label === null ? null : filters.label === '' ? UNLABELLED : `=${filters.label}`}
        onChange={(value) => onChange({ label: value === null ? null : value === UNLABELLED ? '' : value.slice(1) })}
      />
      <SegmentedControl
        value={filters.split ?? 'all'}
        onChange={(value) => onChange({ split: value === 'all' ? null : (value as Split) })}
        data={[
          { value: 'all', label: 'All' },
          { value: 'training', label: 'Training' },
          { value: 'testing', label: 'Testing' },
        ]}
      />
    </Group>
  );
}

function NoSamples({ projectId, mayUpload, onUpload }: { projectId: string; mayUpload: boolean; onUpload: () => void }) {
  return (
    <EmptyState
      icon={IconWaveSine}
      title="No recordings yet"
      action={
        mayUpload && (
          <Group justify="center" mt="xs">
            <Button leftSection={<IconUpload size={16} />} onClick={onUpload}>
              Upload files
            </Button>
            <Button variant="default" leftSection={<IconActivity size={16} />} component={Link} to={`/projects/${projectId}/live`}>
              Record from a board
            </Button>
          </Group>
        )
      }
    >
      Drop files, folders or a zip anywhere on this page: CSV, WAV, or an Edge Impulse export. A few minutes of every label are a good beginning.
    </EmptyState>
  );
}

function SampleListSkeleton() {
  return (
    <Stack gap={8}>
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} h={34} />
      ))}
    </Stack>
  );
}

export default function SamplesPage() {
  const { projectId, project, may } = useOpenProject();
  const [search, setSearch] = useSearchParams();
  const filters = filtersFrom(search);
  const { labels, colors } = useLabels(projectId);
  const samples = useSamples(projectId, filters);
  const bulk = useBulk(projectId);
  const upload = useUploadDialog();
  const [splitting, split] = useDisclosure(false);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const items = samples.data?.items ?? [];
  const total = samples.data?.total ?? 0;
  const pages = Math.ceil(total / PAGE_SIZE);

  const change = (part: Partial<Filters>) => {
    setSearch(searchFrom({ ...filters, page: 1, ...part }), { replace: part.page === undefined });
    if (part.sort === undefined && part.page === undefined) setSelection(NOTHING);
  };
  useEffect(() => {
    if (pages > 0 && filters.page > pages) setSearch(searchFrom({ ...filters, page: pages }), { replace: true });
  });
  const act = (action: BulkAction) => {
    bulk.mutate({ target: bulkTarget(selection, filters), action });
    if (action.action === 'delete') setSelection(NOTHING);
  };
  const address = (sample: Sample, index: number) => {
    const query = searchFrom({ ...filters, page: 1 });
    query.set('at', String((filters.page - 1) * PAGE_SIZE + index));
    return `/projects/${projectId}/samples/${sample.id}?${query}`;
  };

  const nothing = project?.counts.samples === 0 && total === 0 && !isFiltered(filters) && !samples.isPending;
  return (
    <DropZone enabled={may('labeller')} onFiles={upload.open}>
      <PageHeader
        title="Data"
        actions={
          !nothing &&
          may('labeller') && (
            <>
              {may('editor') && (
                <Menu>
                  <Menu.Target>
                    <Button variant="default" px="xs" aria-label="More">
                      <IconDots size={18} />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<IconArrowsSplit2 size={16} />} onClick={split.open}>
                      Split into training and testing…
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
              <Button leftSection={<IconUpload size={16} />} onClick={() => upload.open([])}>
                Upload
              </Button>
            </>
          )
        }
      />
      {samples.isError && <ErrorCard error={samples.error} retry={() => samples.refetch()} />}
      {nothing ? (
        <NoSamples projectId={projectId} mayUpload={may('labeller')} onUpload={() => upload.open([])} />
      ) : (
        <>
          <SummaryStrip projectId={projectId} label={filters.label} onLabel={(label) => change({ label })} />
          <FilterBar filters={filters} labels={labels} onChange={change} />
          {samples.isPending && <SampleListSkeleton />}
          {samples.data && total === 0 && (
            <Paper p="lg" ta="center">
              <Text c="dimmed">Nothing fits these filters.</Text>
              <Button mt="xs" size="xs" variant="light" onClick={() => setSearch(searchFrom({ search: '', label: null, split: null, sort: DEFAULT_SORT, page: 1 }))}>
                Show everything
              </Button>
            </Paper>
          )}
          {items.length > 0 && (
            <div style={{ opacity: samples.isPlaceholderData ? 0.6 : 1 }}>
              <SampleTable
                samples={items}
                selection={selection}
                onSelection={may('labeller') ? setSelection : () => undefined}
                colors={colors}
                sort={filters.sort}
                onSort={(sort) => change({ sort })}
                address={address}
                onDelete={() => may('editor') && act({ action: 'delete' })}
              />
              {pages > 1 && (
                <Group justify="space-between" mt="md">
                  <Text size="sm" c="dimmed" className="tabular">
                    {(filters.page - 1) * PAGE_SIZE + 1}–{Math.min(total, filters.page * PAGE_SIZE)} of {total}
                  </Text>
                  <Pagination
                    total={pages}
                    value={filters.page}
                    onChange={(page) => change({ page })}
                    size="sm"
                    siblings={1}
                    getControlProps={(control) => ({ 'aria-label': `${control[0].toUpperCase()}${control.slice(1)} page` })}
                    getItemProps={(page) => ({ 'aria-label': `Page ${page}` })}
                  />
                </Group>
              )}
            </div>
          )}
        </>
      )}
      {!isEmpty(selection) && (
        <BulkBar
          chosen={selection.everything ? total : selection.ids.size}
          total={total}
          pageChosen={items.length > 0 && items.every((sample) => selection.ids.has(sample.id))}
          everything={selection.everything}
          labels={labels}
          colors={colors}
          busy={bulk.isPending}
          mayEdit={may('editor')}
          onEverything={() => setSelection({ ...selection, everything: true })}
          onClear={() => setSelection(NOTHING)}
          onAction={act}
        />
      )}
      <UploadDialog projectId={projectId} dialog={upload} />
      {splitting && <SplitDialog projectId={projectId} onClose={split.close} />}
    </DropZone>
  );
}
