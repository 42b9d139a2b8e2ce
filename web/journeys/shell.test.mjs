// What stands there until the shop is loaded: index.html's outline, as boot.ts makes it the reader's own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { faults, heading, inMemory, journey, open, shot, SITE, SIZES, start, state, stop } from './browser.mjs'

before(start)
after(stop)

/** Where things are that the outline and the page both have, in whole pixels. */
const places = (page) =>
  page.evaluate(() => {
    const found = {}
    for (const [name, selector] of Object.entries({
      header: '.Layout-header', brand: '.Layout-brand', nav: '.Layout-nav', cart: '.Layout-cart', main: '.Layout-main', h1: '.Page-head h1', content: '.Catalogue-grid, .Page-panel, .ProductPicture-frame',
    })) {
      const box = document.querySelector(selector)?.getBoundingClientRect()
      if (box) found[name] = [box.x, box.y, name === 'main' || name === 'content' ? box.width : [box.width, box.height]].flat().map(Math.round)
    }
    return found
  })

const texts = (page) =>
  page.evaluate(() => ['.Layout-brand', '.Layout-nav', '.Layout-cart', '.Page-head h1'].map((part) => document.querySelector(part).innerText.trim()))

/** Opens a page whose shop is held back until `loaded` is called. */
async function openOutline(page, path) {
  let loaded
  const held = new Promise((resolve) => (loaded = resolve))
  await page.route('**/assets/index-*.js', async (route) => {
    await held
    await route.continue()
  })
  // Not until it has loaded: that is what is held back.
  await page.goto(`${SITE}/#${path}`, { waitUntil: 'commit' })
  await page.locator('#shell [data-text]').first().waitFor()
  await page.waitForFunction(() => document.querySelector('#shell [data-shop]').textContent !== 'Shop')
  return loaded
}

for (const size of Object.keys(SIZES))
  for (const locale of ['en', 'de', 'fr'])
    test(`the outline has the page's place and words: ${size}, ${locale}`, (t) =>
      journey(t, { size, locale }, async (page) => {
        for (const path of ['/', '/quick-order']) {
          const loaded = await openOutline(page, path)
          const before = { places: await places(page), texts: await texts(page) }
          await shot(page, `outline-${path.slice(1) || 'catalogue'}-${locale}`)
          await page.evaluate(() => {
            window.moved = 0
            new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.moved += value))).observe({ type: 'layout-shift' })
          })
          loaded()
          await page.locator('main').waitFor()
          assert.equal(await page.locator('#shell').count(), 0)
          await page.waitForLoadState('networkidle')
          assert.deepEqual({ places: await places(page), texts: await texts(page) }, before)
          assert.equal(await page.evaluate(() => window.moved), 0)
          await page.goto('about:blank')
        }
      }))

test('the outline has the colours that the reader chose, and the words for a customer', (t) =>
  journey(t, { scheme: 'light' }, async (page) => {
    await page.addInitScript(() => {
      localStorage.setItem('mantine-color-scheme-value', 'dark')
      localStorage.setItem('orderproc.locale', 'nl')
      localStorage.setItem('orderproc.cart', '[{"productId":"MOUSE001","quantity":3}]')
    })
    const loaded = await openOutline(page, '/')
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(19, 23, 21)')
    assert.deepEqual((await texts(page))[3], 'Producten')
    assert.equal(await page.locator('.Layout-count').innerText(), '3')
    assert.equal(await page.locator('html').getAttribute('lang'), 'nl')
    loaded()
    await heading(page, 'Producten').waitFor()
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(19, 23, 21)')
  }))

test('the first page asks once for what it shows, and for chunks that there are', inMemory, (t) =>
  journey(t, {}, async (page) => {
    for (const [path, asked, chunk] of [['/', 'GET /products?limit=24', 'en-'], ['/products/MOUSE001', 'GET /products/MOUSE001', 'Product-']]) {
      await faults()
      const loaded = []
      page.on('response', (answer) => loaded.push([answer.status(), new URL(answer.url()).pathname]))
      await page.goto('about:blank')
      await open(page, path)
      await page.getByRole('button', { name: 'Add to cart' }).first().waitFor()
      await page.waitForLoadState('networkidle')
      assert.deepEqual((await state()).seen, [asked])
      assert.deepEqual(loaded.filter(([status]) => status >= 400), [])
      const preloaded = await page.evaluate(() => [...document.querySelectorAll('link[rel=modulepreload]')].map(({ href }) => new URL(href).pathname))
      assert.ok(preloaded.some((name) => name.includes(`/${chunk}`)), `${preloaded}`)
      const unforeseen = loaded.map(([, name]) => name).filter((name) => name.endsWith('.js') && !/\/(boot|index)-/.test(name) && !preloaded.includes(name))
      assert.deepEqual(unforeseen, [], 'a script that another one had to ask for')
      for (const name of preloaded) assert.equal(loaded.filter(([, path]) => path === name).length, 1, name)
      page.removeAllListeners('response')
    }
  }))

test('a shop that can not be loaded says so in place of the outline', (t) =>
  journey(t, { refusals: true }, async (page) => {
    await page.route('**/assets/index-*.js', (route) => route.abort())
    await open(page)
    await page.getByText('The shop could not be loaded').waitFor()
    assert.equal(await page.locator('#shell').count(), 0)
  }))

// Chromium says `scripting: none`, by which shop.css hides the outline, for its own setting only and not for this one.
test('the outline needs no script, and without one the page says what is missing', (t) =>
  journey(t, {}, async (page) => {
    const plain = await page.context().browser().newContext({ javaScriptEnabled: false })
    const still = await plain.newPage()
    await open(still)
    assert.equal(await still.locator('#shell .Layout-brand svg').isVisible(), true)
    assert.match(await still.locator('noscript').innerText(), /needs JavaScript/)
    await plain.close()
  }))
