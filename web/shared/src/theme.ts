import { createTheme, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = [
  '#ecf7f3', '#d7ece4', '#abd9c8', '#7cc6aa', '#55b591', '#3dab81', '#2e9f75', '#1f8561', '#116b4d', '#00563c',
]

/** One accent colour, the reader's own system font, generous space. `autoContrast` keeps text on it readable. */
export const theme = createTheme({
  colors: { pine },
  primaryColor: 'pine',
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.34,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  headings: { fontWeight: '650', textWrap: 'balance' },
  cursorType: 'pointer',
  respectReducedMotion: true,
})
