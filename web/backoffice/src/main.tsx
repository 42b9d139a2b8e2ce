import '@orderproc/shared/styles'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { startTransition, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { configFrom, isTemporary, LOCALE, localeOf, readConfig, Session, staffPoolOf, storage, type Config } from '@orderproc/shared'
import { Frame } from '@orderproc/shared/parts/Frame'

import { Api } from './api'
import { OfficeProvider, type Office } from './office'
import { router } from './router'
import { loadTexts } from './texts'

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

async function start(root: HTMLElement): Promise<void> {
  const locale = localeOf([device.getItem(LOCALE) ?? '', ...navigator.languages])
  try {
    const [office, texts] = await Promise.all([readConfig().then(configFrom).then(open), loadTexts(locale)])
    document.documentElement.lang = locale
    const page = createRoot(root)
    startTransition(() =>
      page.render(
        <StrictMode>
          <Frame first={{ locale, texts }} loadTexts={loadTexts} device={device}>
            <QueryClientProvider client={client}>
              <OfficeProvider value={office}>
                <RouterProvider router={router} />
              </OfficeProvider>
            </QueryClientProvider>
          </Frame>
        </StrictMode>,
      ),
    )
  } catch (error) {
    console.error(error)
    root.textContent = 'The back office could not be loaded. Please try again in a moment.'
  }
}

void start(document.getElementById('root') as HTMLElement)
