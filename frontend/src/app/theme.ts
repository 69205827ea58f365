import { createTheme, type MantineColorsTuple } from '@mantine/core';

const mote: MantineColorsTuple = [
  '#eefaf8',
  '#d7f1ed',
  '#ade3db',
  '#7fd3c7',
  '#55c3b4',
  '#35b2a2',
  '#1f9e90',
  '#13857a',
  '#0f6e66',
  '#0b5650',
];

const dark: MantineColorsTuple = [
  '#d8dce1',
  '#b7bdc5',
  '#9aa1ab',
  '#6f7782',
  '#4a515b',
  '#343a43',
  '#282d35',
  '#1c2026',
  '#15181d',
  '#0f1216',
];

export const theme = createTheme({
  primaryColor: 'mote',
  primaryShade: 7,
  colors: { mote, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  components: {
    Paper: { defaultProps: { withBorder: true } },
    Card: { defaultProps: { withBorder: true } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withinPortal: true } },
    Checkbox: { defaultProps: { radius: 'sm' } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
  },
});
