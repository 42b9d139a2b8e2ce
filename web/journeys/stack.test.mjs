// What only a deployed stack shows: its gateway refuses a token, its CloudFront sends the policy, its queues take time.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, button, field, fillAddress, heading, inlineScriptIsBlocked, journey, link, open, shot, signUp, SITE, SIZES, start, stop } from './browser.mjs'

before(start)
after(stop)

const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script>'
const anOrder = (page) => page.getByRole('link', { name: /^Order \d+$/ })

async function signedInAtCheckout(page, productId, name) {
  const email = `stack-${productId}-${Date.now()}@example.com`.toLowerCase()
  await signUp(page, email)
  await open(page, `/products/${productId}`)
  await heading(page, name).waitFor()
  await button(page, 'Add to cart').click()
  await link(page, 'Go to the cart').click()
  await link(page, 'Checkout').click()
  await fillAddress(page)
}

async function hasOneOrder(page) {
  await link(page, 'My orders').click()
  await anOrder(page).first().waitFor()
  assert.equal(await anOrder(page).count(), 1)
}

test('a double click, a reload and the way back: one order, in which markup is text', (t) =>
  journey(t, { size: 'narrow', scheme: 'dark' }, async (page) => {
    await signedInAtCheckout(page, 'HEADSET001', 'Headset')
    await field(page, 'Name').fill(MARKUP)
    await button(page, 'Place order').dblclick()
    await heading(page, /^Order \d+$/).waitFor()
    await page.reload()
    await page.getByText('Paid. We will ship it soon.').waitFor()
    assert.equal(await page.locator('address').innerText().then((text) => text.startsWith(MARKUP)), true)

    await field(page, 'Ask about this order').fill(`Where is my order? ${MARKUP}`)
    await button(page, 'Ask').click()
    await page.locator('li[data-who=shop]').waitFor()
    assert.equal(await page.locator('img[src=x], main script').count(), 0)
    await shot(page, 'stack-order')
    await accessible(page)

    await page.goBack()
    await heading(page, 'Cart').waitFor()
    await page.getByText('Your cart is empty').waitFor()
    await hasOneOrder(page)
  }))

test('a token that the gateway refuses in the middle of a checkout is renewed, and one order placed', (t) =>
  journey(t, { refusals: true }, async (page) => {
    await signedInAtCheckout(page, 'KEYBOARD001', 'Mechanical Keyboard')
    const statuses = []
    page.on('response', (answer) => {
      if (answer.url().endsWith('/checkout') && answer.request().method() === 'POST') statuses.push(answer.status())
    })
    await page.route('**/checkout', async (route) => {
      const headers = route.request().headers()
      const spoil = route.request().method() === 'POST' && statuses.length === 0
      await route.continue(spoil ? { headers: { ...headers, authorization: headers.authorization.slice(0, -8) } } : {})
    })
    await button(page, 'Place order').click()
    await heading(page, /^Order \d+$/).waitFor()
    assert.deepEqual(statuses, [401, 202])
    await hasOneOrder(page)
  }))

test('script in the HTML that CloudFront serves does not run', (t) => journey(t, { violations: true }, inlineScriptIsBlocked))

test('the pages as CloudFront serves them are accessible, with their pictures and the API’s reference', (t) =>
  journey(t, { size: 'narrow' }, async (page) => {
    await open(page)
    await page.getByText('Film Camera').first().waitFor()
    await page.waitForFunction(() => [...document.images].some((image) => image.naturalWidth > 0))
    await accessible(page)
    await page.setViewportSize(SIZES.wide) // where the reference lists all routes
    await page.goto(`${SITE}/api.html`)
    await page.locator('h2', { hasText: 'List products' }).first().waitFor()
  }))
