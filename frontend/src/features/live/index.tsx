import { ActionIcon, Alert, Button, Group, Loader, Paper, SegmentedControl, Select, Stack, Text, Tooltip } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { IconPlayerPause, IconPlayerPlay, IconPlugConnectedX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { PageHeader } from 'components/PageHeader';
import { labelColors } from 'lib/colors';
import { useOpenProject } from 'lib/projects';
import { BAUD_RATES, choosePort, explain, type Trouble } from 'lib/serial';
import { useLabelNames } from './api';
import { ClassificationPanel } from './ClassificationPanel';
import { ConnectCard, TroubleAlert } from './ConnectCard';
import classes from './live.module.css';
import { LivePlot } from './LivePlot';
import { RecordingsList } from './RecordingsList';
import { RecordPanel } from './RecordPanel';
import type { LiveSession, Snapshot } from './session';
import { StreamPanel } from './StreamPanel';
import { useLive } from './useLive';

const SPANS_S = [2, 5, 10, 30];
/** After so long without a word the page says what may be wrong. */
const PATIENCE_S = 3;

/** The port is open, but nothing is understood yet. */
function Listening({ session, snapshot }: { session: LiveSession; snapshot: Snapshot }) {
  const silent = snapshot.silent_s > PATIENCE_S;
  return (
    <Paper p={{ base: 'md', sm: 'xl' }}>
      <Stack>
        <Group gap="sm" wrap="nowrap">
          <Loader size="sm" />
          <Text role="status">{snapshot.phase === 'opening' ? 'Opening the port' : 'Listening at ' + snapshot.baud + ' baud'}</Text>
        </Group>
        {snapshot.garbled && (
          <Alert color="orange" title="The board sends, but not what this page understands">
            Mostly the speed is another one. If it is right: the program on the board must print one reading a line, or be Mote firmware.
          </Alert>
        )}
        {!snapshot.garbled && silent && (
          <Alert color="orange" title="The board is silent">
            Press its reset button. If nothing comes: is this its port, does its program print at all, and at this speed?
          </Alert>
        )}
        {(snapshot.garbled || silent) && (
          <Select
            label="Another speed"
            data={BAUD_RATES.map((rate) => ({ value: String(rate), label: `${rate} baud` }))}
            value={String(snapshot.baud)}
            onChange={(value) => value && void session.reconnect(Number(value))}
            maw={220}
          />
        )}
      </Stack>
    </Paper>
  );
}

function Stalled({ snapshot }: { snapshot: Snapshot }) {
  if (snapshot.phase !== 'streaming' || snapshot.silent_s < PATIENCE_S) return null;
  return (
    <Alert color="orange" title={`No reading for ${Math.floor(snapshot.silent_s)} s`}>
      The port is open, but the board has stopped sending. Its reset button helps mostly.
    </Alert>
  );
}

function PlotCard({ session, snapshot, colors }: { session: LiveSession; snapshot: Snapshot; colors: Map<string, string> }) {
  const [span, setSpan] = useLocalStorage({ key: 'mote.live.span', defaultValue: 10 });
  const [paused, setPaused] = useState(false);
  useHotkeys([['P', () => setPaused((was) => !was)]]);
  const rateHz = snapshot.rateHz ?? snapshot.measured.rateHz ?? 100;
  return (
    <Paper p="md">
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap="xs">
          <Tooltip label={paused ? 'Go on (P)' : 'Pause the picture (P); recording goes on'}>
            <ActionIcon variant={paused ? 'filled' : 'default'} size="lg" onClick={() => setPaused(!paused)} aria-label={paused ? 'Go on' : 'Pause the picture'} aria-pressed={paused}>
              {paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
            </ActionIcon>
          </Tooltip>
          {paused && (
            <Text size="sm" c="dimmed">
              Paused
            </Text>
          )}
        </Group>
        <SegmentedControl
          size="xs"
          aria-label="Seconds in view"
          data={SPANS_S.map((seconds) => ({ value: String(seconds), label: `${seconds} s` }))}
          value={String(span)}
          onChange={(value) => setSpan(Number(value))}
        />
      </Group>
      <LivePlot session={session} axes={snapshot.axes} rateHz={rateHz} span_s={span} paused={paused} labels={snapshot.hello?.labels ?? []} colors={colors} />
    </Paper>
  );
}

export default function LivePage() {
  const { projectId, may } = useOpenProject();
  const { session, snapshot, recordings, source } = useLive(projectId);
  const { data: labelNames = [] } = useLabelNames(projectId);
  const [baud, setBaud] = useLocalStorage({ key: 'mote.live.baud', defaultValue: 115_200 });
  const [picking, setPicking] = useState<Trouble | null>(null);
  const { phase, hello, trouble } = snapshot;
  const boardLabels = useMemo(() => hello?.labels ?? [], [hello]);
  const colors = useMemo(() => labelColors([...labelNames, ...boardLabels]), [labelNames, boardLabels]);
  const connected = phase === 'listening' || phase === 'streaming' || phase === 'opening';

  const connect = async () => {
    setPicking(null);
    try {
      await session.connect(await choosePort(), baud);
    } catch (error) {
      setPicking(explain(error));
    }
  };

  return (
    <>
      <PageHeader
        title="Live"
        description="See what a board measures, and record it with a label."
        actions={
          connected && (
            <Button variant="default" leftSection={<IconPlugConnectedX size={16} />} onClick={() => void session.disconnect()}>
              Disconnect
            </Button>
          )
        }
      />
      <Stack>
        {phase === 'closed' && (
          <ConnectCard projectId={projectId} baud={baud} onBaud={setBaud} onConnect={() => void connect()} busy={false} trouble={picking ?? trouble} />
        )}
        {phase === 'unplugged' && (
          <Paper p={{ base: 'md', sm: 'xl' }}>
            <Stack align="flex-start">
              {trouble && <TroubleAlert trouble={trouble} />}
              <Group>
                <Button onClick={() => void session.reconnect()}>Connect again</Button>
                <Button variant="default" onClick={() => void session.disconnect()}>
                  Another board
                </Button>
              </Group>
            </Stack>
          </Paper>
        )}
        {(phase === 'listening' || phase === 'opening') && <Listening session={session} snapshot={snapshot} />}
        {connected && snapshot.linkProblem && (
          <Alert color="orange" title="Mote firmware cannot be recognised here">
            {snapshot.linkProblem} Boards that print numbers work all the same.
          </Alert>
        )}
        {connected && trouble && <TroubleAlert trouble={trouble} />}
        {phase === 'streaming' && (
          <>
            <Stalled snapshot={snapshot} />
            <div className={classes.layout}>
              <Stack>
                <PlotCard session={session} snapshot={snapshot} colors={colors} />
                <StreamPanel session={session} snapshot={snapshot} />
              </Stack>
              <Stack>
                <RecordPanel session={session} snapshot={snapshot} labels={labelNames} mayRecord={may('labeller')} />
                {boardLabels.length > 0 && <ClassificationPanel snapshot={snapshot} labels={boardLabels} colors={colors} />}
              </Stack>
            </div>
          </>
        )}
        <RecordingsList projectId={projectId} recordings={recordings} source={source} colors={colors} />
      </Stack>
    </>
  );
}
