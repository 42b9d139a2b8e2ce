import '@orderproc/shared/styles'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { startTransition, StrictMode, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'

import { configFrom, isTemporary, LanguageProvider, LOCALE, localeOf, readConfig, Session, staffPoolOf, storage, type Config, type Locale } from '@orderproc/shared'
import { theme } from '@orderproc/shared/theme'

import { Api } from './api'
import { OfficeProvider, type Office } from './office'
import { router } from './router'
import { loadTexts, type Texts } from './texts'

const tab = storage(() => window.sessionStorage)
const device = storage(() => window.localStorage)

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && isTemporary(error) },
    // A mutation is never repeated by itself: the person decides.
    mutations: { retry: false },
  },
})

function open(config: Config): Office {
  const session = new Session(staffPoolOf(config), tab, undefined, 'orderproc.staff')
  return { config, session, api: new Api(config, session), device }
}

function App({ office, first }: { office: Office; first: { locale: Locale; texts: Texts } }) {
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
    [language],
  )
  // What Mantine would write into style elements stands in the style sheet: the CSP allows no others.
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withStaticClasses={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <LanguageProvider value={value}>
          <OfficeProvider value={office}>
            <RouterProvider router={router} />
          </OfficeProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}

async function start(root: HTMLElement): Promise<void> {
  const locale = localeOf([device.getItem(LOCALE) ?? '', ...navigator.languages])
  try {
    const [office, texts] = await Promise.all([readConfig().then(configFrom).then(open), loadTexts(locale)])
    document.documentElement.lang = locale
    const page = createRoot(root)
    startTransition(() =>
      page.render(
        <StrictMode>
          <App office={office} first={{ locale, texts }} />
        </StrictMode>,
      ),
    )
  } catch (error) {
    console.error(error)
    root.textContent = 'The back office could not be loaded. Please try again in a moment.'
  }
}

void start(document.getElementById('root') as HTMLElement)
