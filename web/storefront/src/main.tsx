import '@orderproc/shared/styles'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { startTransition, StrictMode, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'

import { type Config, isTemporary, LanguageProvider, loadConfig, type Locale, localeOf, poolOf, Problem, Session, storage } from '@orderproc/shared'
import { theme } from '@orderproc/shared/theme'

import { Api } from './api'
import { GuestCart } from './guestCart'
import { GuestTokens } from './guestTokens'
import { catalogueQuery } from './pages/catalogue/useCatalogue'
import { router } from './router'
import { ShopProvider, type Shop } from './shop'
import { loadTexts, type Texts } from './texts'

const LOCALE = 'orderproc.locale'
const tab = storage(() => window.sessionStorage)
const device = storage(() => window.localStorage)

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

function open(config: Config): Shop {
  const session = new Session(poolOf(config), tab)
  const guestCart = new GuestCart(device)
  window.addEventListener('storage', guestCart.changed)
  const api = new Api(config, session, new GuestTokens(tab))
  // What is shown first is asked for while the texts are still on their way.
  if (/^#?\/?$/.test(window.location.hash)) void client.prefetchInfiniteQuery(catalogueQuery(api))
  return { config, session, api, guestCart, tab, device }
}

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
    const [shop, texts] = await Promise.all([loadConfig().then(open), loadTexts(locale)])
    document.documentElement.lang = locale
    const page = createRoot(root)
    // In slices, so that a slow phone takes a tap meanwhile.
    startTransition(() =>
      page.render(
        <StrictMode>
          <App shop={shop} first={{ locale, texts }} />
        </StrictMode>,
      ),
    )
  } catch (error) {
    console.error(error)
    root.textContent = 'The shop could not be loaded. Please try again in a moment.'
  }
}

void start(document.getElementById('root') as HTMLElement)
