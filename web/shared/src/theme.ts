import { createTheme, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = [
  '#ecf7f3', '#d7ece4', '#abd9c8', '#7cc6aa', '#55b591', '#3dab81', '#2e9f75', '#1f8561', '#15734f', '#00563c',
]

/** One accent colour, the reader's own system font, generous space. White text is readable on the shade 8 of every colour. */
export const theme = createTheme({
  colors: { pine },
  primaryColor: 'pine',
  primaryShade: 8,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  headings: { fontWeight: '650', textWrap: 'balance' },
  cursorType: 'pointer',
  respectReducedMotion: true,
})
