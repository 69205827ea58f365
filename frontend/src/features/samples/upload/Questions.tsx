import { Button, Group, NumberInput, Paper, Radio, Stack, Text, TextInput, ThemeIcon } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { plural } from 'lib/format';
import type { Asked } from './engine';

const WORDS: Record<string, string> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  true: 'Yes',
  false: 'No',
  dmy: 'day, month, year',
  mdy: 'month, day, year',
  ',': 'comma  ( 1,5 )',
  '.': 'point  ( 1.5 )',
};

interface FieldProps {
  question: Asked;
  value: string;
  onChange: (value: string) => void;
}

function Field({ question, value, onChange }: FieldProps) {
  const about = plural(question.files.length, 'file');
  const description = question.files.length <= 2 ? question.files.join(', ') : about;
  if (question.choices.length > 0)
    return (
      <Radio.Group label={question.text} description={description} value={value} onChange={onChange}>
        <Group mt={6} gap="md">
          {question.choices.map((choice) => (
            <Radio key={choice} value={choice} label={WORDS[choice] ?? choice} />
          ))}
        </Group>
      </Radio.Group>
    );
  if (question.option === 'rate_hz')
    return (
      <NumberInput
        label={question.text}
        description={description}
        suffix=" Hz"
        min={0}
        maw={260}
        value={value}
        onChange={(next) => onChange(next === '' ? '' : String(next))}
      />
    );
  return <TextInput label={question.text} description={description} maw={360} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

interface Props {
  questions: Asked[];
  busy: boolean;
  onAnswer: (answers: Record<string, string>, files: string[]) => void;
}

/** Files that can be read in more than one way: the person says which, and they are sent again. */
export function Questions({ questions, busy, onAnswer }: Props) {
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const ready = questions.every((question) => answers[question.option]);
  const files = Array.from(new Set(questions.flatMap((question) => question.files)));
  return (
    <Paper p="md" style={{ borderColor: 'var(--mantine-color-mote-6)' }}>
      <Group gap="sm" mb="sm" wrap="nowrap">
        <ThemeIcon variant="light" radius="xl">
          <IconHelpCircle size={18} />
        </ThemeIcon>
        <Text fw={600}>{plural(files.length, 'file')} can be read in more than one way</Text>
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onAnswer(answers, files);
        }}
      >
        <Stack gap="md">
          {questions.map((question) => (
            <Field
              key={`${question.option}:${question.text}`}
              question={question}
              value={answers[question.option] ?? ''}
              onChange={(value) => setAnswers((was) => ({ ...was, [question.option]: value }))}
            />
          ))}
          <Group gap="sm">
            <Button type="submit" size="sm" disabled={!ready} loading={busy}>
              Import {files.length === 1 ? 'it' : 'them'}
            </Button>
            <Text size="xs" c="dimmed">
              The answer is used for all of these files.
            </Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
