import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { FilesCard } from './FilesCard';

const files = [{ name: 'image.bin', bytes: 2048, sha256: 'ab' }];

function show(needsConsent: boolean) {
  render(
    <MantineProvider>
      <FilesCard projectId="p" deploymentId="d" files={files} needsConsent={needsConsent} failed={needsConsent} board={undefined} />
    </MantineProvider>,
  );
}

test('a verified image is downloaded with a click', () => {
  show(false);
  expect(screen.getByRole('link', { name: 'Download image.bin' })).toHaveAttribute('href', '/api/projects/p/deployments/d/files/image.bin');
});

test('an image that failed is locked until a person says that they know', () => {
  show(true);
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByRole('button', { name: 'Locked' })).toBeDisabled();
  fireEvent.click(screen.getByRole('checkbox'));
  expect(screen.getByRole('link', { name: 'Download image.bin' })).toHaveAttribute('href', expect.stringContaining('unverified=yes-i-know'));
});
