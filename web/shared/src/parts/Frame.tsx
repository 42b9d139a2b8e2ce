import { MantineProvider } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'

import { LanguageProvider } from '../i18n'
import type { Locale } from '../locale'
import type { Kept } from '../session'
import { LOCALE } from '../storage'
import { theme } from '../theme'

export type Texts = Record<string, string>

interface Parts {
  /** The language that the reader sees first. */
  first: { locale: Locale; texts: Texts }
  loadTexts: (locale: Locale) => Promise<Texts>
  /** Keeps the language that the reader chooses. */
  device: Kept
  children: ReactNode
}

/** What pages of both apps stand in: the theme and the reader's language. */
export function Frame({ first, loadTexts, device, children }: Parts) {
  const [language, setLanguage] = useState(first)
  const value = useMemo(
    () => ({
      ...language,
      choose: (locale: Locale) =>
        void loadTexts(locale).then((texts) => {
          document.documentElement.lang = locale
          device.setItem(LOCALE, locale)
          setLanguage({ locale, texts })
        }),
    }),
    [language, loadTexts, device],
  )
  // What Mantine would write into style elements stands in the style sheet: the CSP allows no others.
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withStaticClasses={false} withGlobalClasses={false}>
      <LanguageProvider value={value}>{children}</LanguageProvider>
    </MantineProvider>
  )
}
