import { MantineProvider } from '@mantine/core'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'

import { LanguageProvider } from '../i18n'
import type { Locale } from '../locale'
import type { Kept } from '../session'
import { LOCALE } from '../storage'
import { theme } from '../theme'

export type Texts = Record<string, string>

interface Parts {
  client: QueryClient
  /** The language that the reader sees first. */
  first: { locale: Locale; texts: Texts }
  loadTexts: (locale: Locale) => Promise<Texts>
  /** Keeps the language that the reader chooses. */
  device: Kept
  children: ReactNode
}

/** What pages of both apps stand in: the theme, the cache of what the API said, the reader's language. */
export function Frame({ client, first, loadTexts, device, children }: Parts) {
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
      <QueryClientProvider client={client}>
        <LanguageProvider value={value}>{children}</LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
