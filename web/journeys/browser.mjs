// Debian's Chromium on the built storefront, and what every journey must keep to. The shop is the one in memory (web/dev),
// or with SHOP_URL that of a running stack, where what makes requests fail is left out.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FAILED = fileURLToPath(new URL('../shots', import.meta.url))
/** The folder for pictures of every page and state; none are made without. */
export const PICTURES = process.env.PICTURES
const PORT = Number(process.env.SHOP_PORT ?? 5180)
export const SITE = (process.env.SHOP_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/$/, '')
/** For a test that needs the shop in memory. */
export const inMemory = { skip: process.env.SHOP_URL ? 'needs the shop in memory' : false }
export const CUSTOMER = {
  email: process.env.SHOP_CUSTOMER ?? 'customer@example.com',
  password: process.env.SHOP_PASSWORD ?? 'Customer-Password-1',
}
export const STAFF = {
  email: process.env.SHOP_STAFF ?? 'admin@example.com',
  password: process.env.SHOP_STAFF_PASSWORD ?? 'Admin-Password-1',
}
/** May look at everything, and change nothing; only in memory. */
export const VIEWER = { email: 'viewer@example.com', password: 'Viewer-Password-1' }
/** The site's own config.json, once `start` has read it. */
export let config = null
export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 375, height: 812 } }
export const SCHEMES = ['light', 'dark']

export const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

let shop = null
let browser = null

/** Starts what is not running yet. `seconds` is how long each step of an order takes in the shop in memory. */
export async function start({ seconds = 0.4 } = {}) {
  config = await readConfig()
  if (!config && !process.env.SHOP_URL) {
    const python = existsSync(`${ROOT}.venv/bin/python`) ? `${ROOT}.venv/bin/python` : 'python3'
    shop = spawn(python, ['-m', 'web.dev.shop', '--port', String(PORT), '--seconds', String(seconds), ...(process.env.SHOP_DIST ? ['--pages', process.env.SHOP_DIST] : [])], {
      cwd: ROOT,
      env: { ...process.env, PYTHONPATH: `${ROOT}orderproc:${ROOT}` },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    for (let n = 0; n < 240 && !config; n += 1) {
      await new Promise((wake) => setTimeout(wake, 500))
      config = await readConfig()
    }
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS })
}

export async function stop() {
  await browser?.close()
  shop?.kill()
}

const readConfig = () => fetch(`${SITE}/config.json`).then((answer) => (answer.ok ? answer.json() : null), () => null)

const post = (path, body) => fetch(config.apiUrl + path, { method: 'POST', body: JSON.stringify(body) })
export const faults = (...rules) => post('/__shop/faults', rules)
export const price = (productId, amount) => post('/__shop/price', { productId, price: amount })
export const state = () => fetch(`${config.apiUrl}/__shop/state`).then((answer) => answer.json())

/** Runs one journey in a browser of its own; fails for an error that was logged or thrown in the page, for a request to
 *  another host, and for a violation of the CSP. `refusals` allows answers with an error: the browser logs each. `violations` are for a test of the CSP. */
export async function journey(t, { size = 'wide', scheme = 'light', locale = 'en-GB', refusals = false, violations = false }, travel) {
  if (!inMemory.skip) await faults()
  const cognito = config.cognitoUrl ?? `https://cognito-idp.${config.region}.amazonaws.com/`
  const own = [SITE, config.apiUrl, cognito].map((url) => new URL(url).origin)
  const context = await browser.newContext({
    viewport: SIZES[size], colorScheme: scheme, locale, timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(Number(process.env.PATIENCE ?? 60_000))
  const page = await context.newPage()
  const wrong = []
  page.on('pageerror', (error) => wrong.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    const refused = refusals && /Failed to load resource|blocked by CORS policy/.test(text)
    if (['error', 'warning'].includes(message.type()) && !refused && !violations) wrong.push(`${message.type()}: ${text}`)
  })
  page.on('request', (request) => {
    if (!violations && !own.includes(new URL(request.url()).origin)) wrong.push(`foreign: ${request.url()}`)
  })
  try {
    await travel(page)
    assert.deepEqual(wrong, [])
  } catch (error) {
    await picture(page, FAILED, t.name.replace(/\W+/g, '-')).catch(() => undefined)
    if (wrong.length > 0) t.diagnostic(wrong.join('\n'))
    throw error
  } finally {
    await context.close()
  }
}

/** A file of this machine, without any shop. It may load nothing and log nothing. */
export async function onFile(path, look) {
  const context = await browser.newContext({ viewport: SIZES.wide, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const wrong = []
  page.on('console', (message) => wrong.push(`${message.type()}: ${message.text()}`))
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(path).href) wrong.push(`loaded: ${request.url()}`)
  })
  try {
    await page.goto(pathToFileURL(path).href)
    await look(page)
    assert.deepEqual(wrong, [])
  } finally {
    await context.close()
  }
}

export const open = (page, path = '/') => page.goto(`${SITE}/#${path}`)
export const openOffice = (page, path = '/orders') => page.goto(`${SITE}/admin.html#${path}`)

/** An order of a guest, as the quick-order page places it; `Accepted` of the API. */
export async function placeOrder(body) {
  const answer = await fetch(`${config.apiUrl}/place-order`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-Key': config.publishableKey, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ productId: 'MOUSE001', quantity: 1, customerEmail: 'petra@example.com', ...body }),
  })
  assert.equal(answer.status, 202)
  return answer.json()
}

/** An order that staff ship: of a guest's checkout, with an address. */
export async function checkOut(body) {
  const address = { name: 'Petra de Vries', street: 'Lange Kade 12', zipCode: '2611 AA', city: 'Delft', country: 'NL' }
  const answer = await fetch(`${config.apiUrl}/guest/checkout`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-Key': config.publishableKey, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ items: [{ productId: 'MOUSE001', quantity: 2 }], customerEmail: 'petra@example.com', shippingAddress: address, ...body }),
  })
  assert.equal(answer.status, 202, await answer.clone().text())
  return answer.json()
}

/** A picture of the page as it is now, at every width and in every scheme, if PICTURES asks for them. */
export async function shot(page, name) {
  if (PICTURES) await everywhere(page, (size, scheme) => picture(page, PICTURES, `${name}-${size}-${scheme}`))
}

/** Does it at every width and in every scheme; then all is as it was. */
async function everywhere(page, look) {
  const before = page.viewportSize()
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    await inSchemes(page, (scheme) => look(size, scheme))
  }
  await page.setViewportSize(before)
}

async function inSchemes(page, look) {
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await look(colorScheme)
  }
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
}

async function picture(page, folder, name) {
  mkdirSync(folder, { recursive: true })
  // What is fixed to the top would be drawn where the page is scrolled to.
  await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** No violation of WCAG or of good practice, and no scrolling sideways, in light and dark. */
export const accessible = (page) => inSchemes(page, (scheme) => judged(page, scheme))

/** The same at every width. */
export const accessibleEverywhere = (page) => everywhere(page, (_size, scheme) => judged(page, scheme))

/** The rules that a scheme can break: between both, only colours change. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

async function judged(page, scheme) {
  // Without legacy mode axe opens a second page each time, to put together what it found in frames: there are none.
  assert.equal(await page.locator('iframe').count(), 0)
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations, passes } = await (scheme === SCHEMES[0] ? axe : axe.withRules(OF_COLOURS)).analyze()
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`)
  assert.deepEqual(said, [])
  assert.ok(passes.some(({ id }) => id === 'color-contrast'), 'axe looked at no colour')
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return { scrollWidth, clientWidth }
  })
  assert.ok(scrollWidth <= clientWidth, `the page scrolls sideways: ${scrollWidth} > ${clientWidth}`)
}

/** Opens the site with script written into its HTML, as by a hole in what serves it: under the headers that are served
 *  none of it runs and the page works; with the policy taken away it would have run. */
export async function inlineScriptIsBlocked(page) {
  const INJECTED = `<script>ran.push('script')</script><img src="data:," alt="" onerror="ran.push('handler')">`
    + `<script src="data:text/javascript,ran.push('data')"></script><iframe title="x" src="javascript:parent.ran.push('address')"></iframe>`
  const opened = async (withPolicy) => {
    await page.route(`${SITE}/`, async (route) => {
      const response = await route.fetch()
      const { 'content-security-policy': policy, ...others } = response.headers()
      const body = (await response.text()).replace('<body>', `<body>${INJECTED}`)
      assert.ok(body.includes(INJECTED) && policy && !policy.includes('unsafe'), policy)
      await route.fulfill({ response, body, headers: withPolicy ? response.headers() : others })
    })
    await page.goto('about:blank')
    await page.goto(`${SITE}/`)
    await heading(page, 'Products').waitFor()
    await page.waitForLoadState('networkidle')
    await page.unroute(`${SITE}/`)
    return page.evaluate(() => window.ran.sort())
  }
  await page.addInitScript(() => (window.ran = []))
  assert.deepEqual(await opened(true), [])
  assert.deepEqual(await opened(false), ['address', 'data', 'handler', 'script'])
}

export const button = (page, name) => page.getByRole('button', { name, exact: true })
export const link = (page, name) => page.getByRole('link', { name, exact: true })
export const field = (page, name) => page.getByLabel(name, { exact: true })
export const heading = (page, name) => page.getByRole('heading', { level: 1, name })

export async function signIn(page, { email, password } = CUSTOMER) {
  await field(page, 'Email').fill(email)
  await field(page, 'Password').fill(password)
  await button(page, 'Sign in').click()
}

export async function fillAddress(page) {
  await field(page, 'Name').fill('Petra de Vries')
  await field(page, 'Street').fill('Lange Kade 12')
  await field(page, 'Postal code').fill('2611 AA')
  await field(page, 'City').fill('Delft')
  await field(page, 'Country').selectOption('NL')
}

/** A new account, signed in: its cart and its addresses are empty. */
export async function signUp(page, email, password = 'Long-Enough-Password-1') {
  await open(page, '/create-account')
  await heading(page, 'Create account').waitFor()
  await field(page, 'Email').fill(email)
  await field(page, 'Password').fill(password)
  await button(page, 'Create account').click()
  await field(page, 'Code').fill('123456')
  await button(page, 'Confirm').click()
  await heading(page, 'Products').waitFor()
}
