import '@orderproc/shared/styles'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { startTransition, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { configFrom, isTemporary, LOCALE, localeOf, poolOf, Problem, readConfig, Session, storage, type Config } from '@orderproc/shared'
import { Frame } from '@orderproc/shared/parts/Frame'

import { Api } from './api'
import { placeOf } from './boot/pages'
import { earlyConfig, forgetAnswers, NOT_LOADED } from './early'
import { GuestCart } from './guestCart'
import { GuestTokens } from './guestTokens'
import { catalogueQuery } from './pages/catalogue/useCatalogue'
import { productQuery } from './parts/useCart'
import { router } from './router'
import { ShopProvider, type Shop } from './shop'
import { loadTexts } from './texts'

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
  return { config, session, api: new Api(config, session, new GuestTokens(tab)), guestCart, tab, device }
}

/** What the first page shows, asked for while the texts are still on their way. boot.ts may have asked for it before. */
async function loadFirst(api: Api): Promise<void> {
  const { path, id, search } = placeOf(window.location.hash)
  if (path === '/' && !search) await client.prefetchInfiniteQuery(catalogueQuery(api))
  if (path === '/products/$') await client.prefetchQuery(productQuery(api, decodeURIComponent(id)))
}

const within = (limit: number, work: Promise<unknown>) => Promise.race([work, new Promise((wake) => setTimeout(wake, limit))])

async function start(root: HTMLElement): Promise<void> {
  const locale = localeOf([device.getItem(LOCALE) ?? '', ...navigator.languages])
  try {
    // The router finds its page first. Otherwise the whole page would be rendered after an empty one, in a single task.
    const [config, texts] = await Promise.all([earlyConfig() ?? readConfig(), loadTexts(locale), router.load()])
    const shop = open(configFrom(config))
    // Rendered with its data at once, the page takes one pass; data that are slow must not hold up the rest.
    await within(300, loadFirst(shop.api))
    forgetAnswers()
    document.documentElement.lang = locale
    const page = createRoot(root)
    // With hot reload this module runs again: two pages in one place would both answer.
    import.meta.hot?.dispose(() => page.unmount())
    // In slices, so that a slow phone takes a tap meanwhile.
    startTransition(() =>
      page.render(
        <StrictMode>
          <Frame first={{ locale, texts }} loadTexts={loadTexts} device={device}>
            <QueryClientProvider client={client}>
              <ShopProvider value={shop}>
                <RouterProvider router={router} />
              </ShopProvider>
            </QueryClientProvider>
          </Frame>
        </StrictMode>,
      ),
    )
  } catch (error) {
    console.error(error)
    root.textContent = NOT_LOADED
  }
}

void start(document.getElementById('root') as HTMLElement)
