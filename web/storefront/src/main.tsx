import './styles'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'

import { isTemporary, LanguageProvider, localeOf, Problem, Session, type Locale } from '@orderproc/shared'
import { theme } from '@orderproc/shared/theme'

import { Api } from './api'
import { loadConfig, poolOf, type Config } from './config'
import { GuestCart } from './guestCart'
import { GuestTokens } from './guestTokens'
import { router } from './router'
import { ShopProvider, type Shop } from './shop'
import { storage } from './storage'
import { loadTexts, type Texts } from './texts'

const LOCALE = 'orderproc.locale'
const tab = storage(() => window.sessionStorage)
const device = storage(() => window.localStorage)

function open(config: Config): Shop {
  const session = new Session(poolOf(config), tab)
  const guestCart = new GuestCart(device)
  window.addEventListener('storage', guestCart.changed)
  return { config, session, api: new Api(config, session, new GuestTokens(tab)), guestCart, tab, device }
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && isTemporary(error),
      retryDelay: (failures, error) => ((error instanceof Problem && error.retryAfter) || 2 ** failures) * 1000 * (0.5 + Math.random()),
    },
    // A mutation is never repeated by itself: the person decides.
    mutations: { retry: false },
  },
})

function App({ shop, first }: { shop: Shop; first: { locale: Locale; texts: Texts } }) {
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
          <ShopProvider value={shop}>
            <RouterProvider router={router} />
          </ShopProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}

async function start(root: HTMLElement): Promise<void> {
  const locale = localeOf([device.getItem(LOCALE) ?? '', ...navigator.languages])
  try {
    const [config, texts] = await Promise.all([loadConfig(), loadTexts(locale)])
    document.documentElement.lang = locale
    createRoot(root).render(
      <StrictMode>
        <App shop={open(config)} first={{ locale, texts }} />
      </StrictMode>,
    )
  } catch (error) {
    console.error(error)
    root.textContent = 'The shop could not be loaded. Please try again in a moment.'
  }
}

void start(document.getElementById('root') as HTMLElement)
