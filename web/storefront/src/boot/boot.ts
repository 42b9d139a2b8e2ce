// Runs before anything is painted, and long before the shop is loaded. It makes the outline that stands in index.html the
// reader's own (colours, language, page), and asks for what the shop will need first: config.json, the chunks of the language
// and the page, products and their pictures. The shop works without it, as it does in development.
import { catalogueOf, configFrom, JSON_ONLY, LOCALE, localeOf, PRIVATE, readConfig, SESSION_KEY, type Config, type Locale } from '@orderproc/shared'

import { NOT_LOADED, type Early } from '../early'
import { CART, linesFrom } from '../guestCart'
import { productPath, productsPath } from '../paths'
import { OUTLINES, placeOf } from './pages'

/** Texts of the outline by language; files of the chunks by language and by path. The build puts them here. */
declare const __TEXTS__: Record<Locale, Record<string, string>>
declare const __CHUNKS__: Record<string, string[]>
// Each is written out wherever it is named.
const TEXTS = __TEXTS__
const CHUNKS = __CHUNKS__

/** Of pictures, those that are seen without scrolling on a phone: two rows. */
const SEEN = 4

function kept(of: () => Storage, key: string): string | null {
  try {
    return of().getItem(key)
  } catch {
    return null
  }
}

const device = () => window.localStorage
const isCustomer = kept(() => window.sessionStorage, SESSION_KEY) !== null
const root = document.documentElement
const place = placeOf(window.location.hash)
const path = OUTLINES[place.path]?.customers && !isCustomer ? '/sign-in' : place.path
const outline = OUTLINES[path]
const locale = localeOf([kept(device, LOCALE) ?? '', ...navigator.languages])

/** As MantineProvider does later. */
function colour(): void {
  const chosen = kept(device, 'mantine-color-scheme-value')
  const dark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset['mantineColorScheme'] = dark ? 'dark' : 'light'
}

function preloadChunks(): void {
  for (const file of [...(CHUNKS[locale] ?? []), ...(CHUNKS[path] ?? [])]) {
    const link = document.createElement('link')
    link.rel = 'modulepreload'
    link.fetchPriority = 'low'
    link.href = `./${file}`
    document.head.append(link)
  }
}

/** Does it once the outline is there: the parser has come to what follows it. */
function withShell(fill: (shell: HTMLElement) => void): void {
  const done = () => {
    const shell = document.getElementById('shell')
    const isWhole = Boolean(shell?.parentElement?.nextElementSibling)
    if (shell && isWhole) fill(shell)
    return isWhole
  }
  if (done()) return
  const watch = new MutationObserver(() => done() && watch.disconnect())
  watch.observe(root, { childList: true, subtree: true })
}

function fill(shell: HTMLElement): void {
  const texts = TEXTS[locale]
  const all = (selector: string) => shell.querySelectorAll<HTMLElement>(selector)
  for (const other of all(`[data-kind]:not([data-kind='${outline?.kind ?? 'list'}'])`)) other.remove()
  for (const other of all(isCustomer ? '[data-guest]' : '[data-customer]')) other.remove()
  for (const titled of all('[data-title]')) titled.textContent = outline?.title ? (texts[outline.title] ?? '') : ''
  for (const text of all('[data-text]')) text.textContent = texts[text.dataset['text'] ?? ''] ?? ''
  for (const only of all('[data-at]')) if (only.dataset['at'] !== path) only.remove()
  for (const link of all('[data-to]')) if (path.startsWith(link.dataset['to'] ?? '')) link.dataset['status'] = 'active'
  const count = isCustomer ? 0 : linesFrom(kept(device, CART)).reduce((units, { quantity }) => units + quantity, 0)
  for (const shown of all('[data-count]')) {
    shown.textContent = String(count)
    shown.toggleAttribute('data-empty', count === 0)
  }
}

function name(shell: HTMLElement, config: Config): void {
  for (const shown of shell.querySelectorAll('[data-shop]')) shown.textContent = config.shopName ?? 'Shop'
  for (const shown of shell.querySelectorAll('[data-simulated]')) {
    shown.textContent = config.payments === 'simulated' ? (TEXTS[locale]['footer.text'] ?? '') : ''
  }
}

const early: Early = { config: readConfig(), answers: new Map() }

function ask(config: Config): void {
  const wanted = path === '/products/$' ? productPath(decodeURIComponent(place.id)) : path === '/' && !place.search ? productsPath() : null
  if (wanted === null) return
  const url = catalogueOf(config) + wanted
  const answer = fetch(url, { headers: JSON_ONLY, signal: AbortSignal.timeout(20_000), ...PRIVATE })
  early.answers.set(url, answer)
  // A failure here is seen again by the shop, which says so.
  void answer.then(showPictures).catch(() => undefined)
}

/** The first pictures appear in the outline: the reader need not wait for the shop to see them. */
async function showPictures(answer: Response): Promise<void> {
  if (!answer.ok) return
  const said = (await answer.clone().json()) as { products?: { imageUrl?: string | null }[]; imageUrl?: string | null }
  const pictures = (said.products ?? [said]).slice(0, SEEN).map(({ imageUrl }) => imageUrl && picture(imageUrl))
  withShell((shell) => {
    const frames = shell.querySelectorAll('.ProductPicture-frame')
    pictures.forEach((shown, n) => shown && frames[n]?.append(shown))
  })
}

function picture(imageUrl: string): HTMLImageElement {
  const shown = new Image(640, 480)
  shown.fetchPriority = 'high'
  shown.className = 'ProductPicture-picture'
  shown.alt = ''
  shown.src = imageUrl
  return shown
}

/** An outline must not wait for a shop that will not come. */
function sayIfNotLoaded({ target }: Event): void {
  const page = document.getElementById('root')
  if (target instanceof HTMLScriptElement && page) page.textContent = NOT_LOADED
}

window.addEventListener('error', sayIfNotLoaded, true)
colour()
root.lang = locale
window.early = early
preloadChunks()
const config = early.config.then(configFrom)
void config.then(ask).catch(() => undefined)
withShell((shell) => {
  fill(shell)
  void config.then((known) => name(shell, known)).catch(() => undefined)
})
