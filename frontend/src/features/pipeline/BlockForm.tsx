import { ActionIcon, Alert, Button, Group, Menu, MultiSelect, Paper, Select, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ParamForm } from 'components/ParamForm';
import type { BlockInfo, Catalogue, Pipeline } from 'lib/pipeline';
import type { Param, ParamValue } from 'lib/types';
import { below, foldParams, type Change, type Problems } from './draft';

interface Common {
  pipeline: Pipeline;
  catalogue: Catalogue;
  problems: Problems;
  dispatch: (change: Change) => void;
  disabled: boolean;
}

interface FoldedProps {
  params: Param[];
  values: Record<string, ParamValue>;
  errors: Record<string, string>;
  disabled: boolean;
  onChange: (values: Record<string, ParamValue>) => void;
}

/** The first parameters, and whatever was changed or is wrong; the rest on request. A block's author puts what matters first. */
function FoldedParams({ params, values, errors, ...rest }: FoldedProps) {
  const [all, setAll] = useState(false);
  const [shown, hidden] = foldParams(params, values, errors, SHOWN_AT_FIRST);
  return (
    <Stack gap="sm" align="stretch">
      <ParamForm params={all ? params : shown} values={values} errors={errors} {...rest} />
      {hidden.length > 0 && (
        <div>
          <Button size="compact-sm" variant="subtle" color="gray" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer settings' : `${hidden.length} more settings`}
          </Button>
        </div>
      )}
    </Stack>
  );
}

const SHOWN_AT_FIRST = 8;

interface BlockProps extends Common {
  at: number;
  axes: string[];
}

/** One DSP block: its parameters, the axes it sees, its place. */
function DspBlock({ pipeline, catalogue, problems, dispatch, disabled, at, axes }: BlockProps) {
  const spec = pipeline.blocks[at];
  const info = catalogue.dsp.find((one) => one.name === spec.block);
  const last = pipeline.blocks.length - 1;
  const title = info?.title ?? spec.block;
  return (
    <Paper p="md" component="section" aria-label={`Block ${at + 1}: ${title}`}>
      <Group justify="space-between" mb={4} gap="xs" wrap="nowrap">
        <Title order={3}>{title}</Title>
        <Group gap={2} wrap="nowrap">
          {last > 0 && (
            <>
              <ActionIcon variant="subtle" color="gray" aria-label={`Move ${title} up`} disabled={disabled || at === 0} onClick={() => dispatch({ kind: 'move', at, by: -1 })}>
                <IconChevronUp size={16} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={`Move ${title} down`} disabled={disabled || at === last} onClick={() => dispatch({ kind: 'move', at, by: 1 })}>
                <IconChevronDown size={16} />
              </ActionIcon>
            </>
          )}
          <Tooltip label={last === 0 ? 'A pipeline needs one block; add another first' : 'Remove'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${title}`}
              data-disabled={disabled || last === 0 || undefined}
              onClick={() => !disabled && last > 0 && dispatch({ kind: 'remove', at })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {info?.help && (
        <Text size="sm" c="dimmed" mb="sm">
          {info.help}
        </Text>
      )}
      {problems[`blocks.${at}`] && (
        <Alert color="red" mb="sm" role="alert">
          {problems[`blocks.${at}`]}
        </Alert>
      )}
      <Stack gap="md">
        {axes.length > 1 && (
          <MultiSelect
            label="Axes"
            placeholder={spec.axes.length === 0 ? 'All axes' : undefined}
            data={Array.from(new Set([...axes, ...spec.axes]))}
            value={spec.axes}
            disabled={disabled}
            clearable
            onChange={(chosen) => dispatch({ kind: 'axes', at, axes: axes.filter((axis) => chosen.includes(axis)) })}
          />
        )}
        <FoldedParams
          params={info?.params ?? []}
          values={spec.params}
          disabled={disabled}
          errors={below(problems, `blocks.${at}`)}
          onChange={(params) => dispatch({ kind: 'params', at, params })}
        />
      </Stack>
    </Paper>
  );
}

function AddBlock({ blocks, onAdd, disabled }: { blocks: BlockInfo[]; onAdd: (name: string) => void; disabled: boolean }) {
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlus size={16} />} disabled={disabled}>
          Add a block
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {blocks.map((info) => (
          <Menu.Item key={info.name} onClick={() => onAdd(info.name)}>
            <Text size="sm" fw={500}>
              {info.title}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={2}>
              {info.help}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The DSP blocks in their order. */
export function BlocksForm({ axes, ...common }: Common & { axes: string[] }) {
  return (
    <Stack gap="sm">
      {common.pipeline.blocks.map((spec, at) => (
        <DspBlock key={`${at}:${spec.block}`} {...common} at={at} axes={axes} />
      ))}
      <div>
        <AddBlock blocks={common.catalogue.dsp} disabled={common.disabled} onAdd={(block) => common.dispatch({ kind: 'add', block })} />
      </div>
    </Stack>
  );
}

/** The learning block and its parameters. */
export function LearnForm({ pipeline, catalogue, problems, dispatch, disabled }: Common) {
  const info = catalogue.learn.find((one) => one.name === pipeline.learn.block);
  return (
    <Paper p="md" component="section" aria-label="Learning block">
      <Title order={2} mb={4}>
        {info?.title ?? pipeline.learn.block}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {info?.help}
      </Text>
      {problems.learn && (
        <Alert color="red" mb="sm" role="alert">
          {problems.learn}
        </Alert>
      )}
      <Stack gap="md">
        {catalogue.learn.length > 1 && (
          <Select
            label="Learning block"
            data={catalogue.learn.map(({ name, title }) => ({ value: name, label: title }))}
            value={pipeline.learn.block}
            disabled={disabled}
            onChange={(block) => block && dispatch({ kind: 'learn', block })}
          />
        )}
        <FoldedParams
          params={info?.params ?? []}
          values={pipeline.learn.params}
          disabled={disabled}
          errors={below(problems, 'learn')}
          onChange={(params) => dispatch({ kind: 'learn-params', params })}
        />
      </Stack>
    </Paper>
  );
}
