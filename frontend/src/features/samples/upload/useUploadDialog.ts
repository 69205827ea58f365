import { useState } from 'react';
import type { Picked } from './batches';

/** Whether the upload dialog is open, and with which files it was opened. */
export function useUploadDialog() {
  const [state, setState] = useState<{ opened: boolean; files: Picked[]; key: number }>({ opened: false, files: [], key: 0 });
  return {
    ...state,
    open: (files: Picked[]) => setState((was) => ({ opened: true, files, key: was.key + 1 })),
    close: () => setState((was) => ({ ...was, opened: false })),
  };
}

export type UploadDialogState = ReturnType<typeof useUploadDialog>;
