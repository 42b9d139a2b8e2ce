import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, button, faults, field, fillAddress, heading, inMemory, journey, link, open, price, shot, signIn, signUp, start, state, stop } from './browser.mjs'

before(start)
after(stop)

async function atCheckout(page) {
  await open(page, '/products/MOUSE001')
  await button(page, 'Add to cart').click()
  await link(page, 'Go to the cart').click()
  await link(page, 'Checkout').click()
  await field(page, 'Email').fill('petra@example.com')
  await fillAddress(page)
}

/** Answers the address of the account. */
async function signedInAtCheckout(page) {
  const email = `fault-${Date.now()}@example.com`
  await signUp(page, email)
  await open(page, '/products/KEYBOARD001')
  await heading(page, 'Mechanical Keyboard').waitFor()
  await button(page, 'Add to cart').click()
  await link(page, 'Go to the cart').click()
  await link(page, 'Checkout').click()
  await fillAddress(page)
  return email
}

/** Orders that came of what happens meanwhile. */
async function ordersOf(travel) {
  const before = new Set((await state()).orders)
  await travel()
  return (await state()).orders.filter((order) => !before.has(order))
}

test('a double click places one order', inMemory, (t) =>
  journey(t, {}, async (page) => {
    await atCheckout(page)
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').dblclick()
      await heading(page, /^Order \d+$/).waitFor()
    })
    assert.equal(placed.length, 1)
  }))

test('an order whose answer is lost is sent again, and placed once', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await atCheckout(page)
    // Twice, as Chromium itself repeats a request whose connection was closed.
    await faults({ match: 'POST /guest/checkout', kind: 'lose', times: 2 })
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').click()
      await page.getByText('Your order was sent, but no answer came').waitFor()
      await page.getByText('No answer came. Check your connection').waitFor()
      await shot(page, 'unanswered')
      await accessible(page)
      await button(page, 'Send it again').click()
      await heading(page, /^Order \d+$/).waitFor()
    })
    assert.equal(placed.length, 1)
  }))

test('a reload in the middle finds the order that was placed', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await atCheckout(page)
    await faults({ match: 'POST /guest/checkout', kind: 'delay', seconds: 3 })
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').click()
      await page.waitForTimeout(500)
      await page.reload()
      await heading(page, /^Order \d+$/).waitFor()
      await page.waitForTimeout(4000)
    })
    assert.equal(placed.length, 1)
  }))

test('going back after the order leads to no second one', inMemory, (t) =>
  journey(t, {}, async (page) => {
    await atCheckout(page)
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').click()
      await heading(page, /^Order \d+$/).waitFor()
      await page.goBack()
      await heading(page, 'Cart').waitFor()
      await page.getByText('Your cart is empty').waitFor()
    })
    assert.equal(placed.length, 1)
  }))

test('a shop that is busy says so, keeps what was typed, and takes the order later', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await atCheckout(page)
    await faults({ match: 'POST /guest/checkout', kind: 'status', status: 503 })
    await button(page, 'Place order').click()
    await page.getByText('The shop is busy or being repaired.').waitFor()
    await button(page, 'Change the order').click()
    assert.equal(await field(page, 'City').inputValue(), 'Delft')
    await button(page, 'Place order').click()
    await heading(page, /^Order \d+$/).waitFor()
  }))

// What API Gateway answers without having called us; where even that is missing, a browser may not read the answer.
for (const [name, type, kind, title, said] of [
  ['too many guests at once', 'THROTTLED', 'gateway', 'Your order is not confirmed yet', 'Too many tries. Wait a moment'],
  ['the guests’ quota of the day', 'QUOTA_EXCEEDED', 'gateway', 'Your order is not confirmed yet', 'Sign in or create an account'],
  ['a function that takes too long', 'INTEGRATION_TIMEOUT', 'gateway', 'Your order is not confirmed yet', 'The shop is busy or being repaired.'],
  ['an answer that can not be read', 'INTEGRATION_TIMEOUT', 'unreadable', 'Your order was sent, but no answer came', 'No answer came. Check your connection'],
])
  test(`${name}: the page says so, and the order is placed once it is sent again`, inMemory, (t) =>
    journey(t, { refusals: true }, async (page) => {
      await atCheckout(page)
      await faults({ match: 'POST /guest/checkout', kind, type })
      const placed = await ordersOf(async () => {
        await button(page, 'Place order').click()
        await page.getByText(title).waitFor()
        await page.getByText(said).waitFor()
        await button(page, 'Send it again').click()
        await heading(page, /^Order \d+$/).waitFor()
      })
      assert.equal(placed.length, 1)
    }))

test('a token that expires in the middle of a checkout is renewed', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await signedInAtCheckout(page)
    await faults({ match: 'POST /checkout', kind: 'expire' })
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').click()
      await heading(page, /^Order \d+$/).waitFor()
    })
    assert.equal(placed.length, 1)
  }))

test('a session that ends in the middle of a checkout is opened again, and the order placed once', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    const email = await signedInAtCheckout(page)
    await faults({ match: 'POST /checkout', kind: 'end' })
    const placed = await ordersOf(async () => {
      await button(page, 'Place order').click()
      await page.getByText('Your session has ended.').first().waitFor()
      await shot(page, 'session-ended')
      await accessible(page)
      await signIn(page, { email, password: 'Long-Enough-Password-1' })
      await heading(page, /^Order \d+$/).waitFor()
    })
    assert.equal(placed.length, 1)
  }))

test('a price that changes meanwhile is shown before anything is bought', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await atCheckout(page)
    try {
      await price('MOUSE001', '31.50')
      await button(page, 'Place order').click()
      await page.getByText('A price has changed.').waitFor()
      await button(page, 'Show the new total').click()
      await page.getByText('€31.50').first().waitFor()
      await button(page, 'Place order').click()
      await heading(page, /^Order \d+$/).waitFor()
    } finally {
      await price('MOUSE001', '29.99')
    }
  }))

test('an order that can not be read for a while stays shown, and is followed on', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await atCheckout(page)
    await button(page, 'Place order').click()
    await heading(page, /^Order \d+$/).waitFor()
    await faults({ match: 'GET /guest/order', kind: 'status', status: 503, times: 3 })
    await page.getByText('Paid. We will ship it soon.').waitFor()
  }))
