import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, button, faults, field, fillAddress, heading, inMemory, journey, link, open, shot, start, state, stop } from './browser.mjs'

before(start)
after(stop)

async function buy(page, email = 'petra@example.com') {
  await open(page, '/products/MOUSE001')
  await button(page, 'Add to cart').click()
  await link(page, 'Go to the cart').click()
  await link(page, 'Checkout').click()
  await field(page, 'Email').fill(email)
  await fillAddress(page)
  await button(page, 'Place order').click()
  await heading(page, /^Order \d+$/).waitFor()
}

test('a guest searches, buys, follows the order to its end, has the receipt, and judges it', (t) =>
  journey(t, { refusals: true }, async (page) => {
    await open(page)
    await field(page, 'Search products').fill('wireless')
    await page.getByText('1 product for “wireless”').waitFor()
    await button(page, 'Add to cart').click()
    await page.getByText('1 item in your cart').waitFor({ state: 'attached' })

    await link(page, 'Cart').click()
    await button(page, 'One more of Wireless Mouse').click()
    await page.getByText('€59.98').first().waitFor()
    await link(page, 'Checkout').click()
    await field(page, 'Email').fill('petra@example.com')
    await fillAddress(page)
    await button(page, 'Place order').click()

    await heading(page, /^Order \d+$/).waitFor()
    await page.getByText('Paid. We will ship it soon.').waitFor()
    await page.getByText('Petra de Vries').waitFor()
    assert.equal(await link(page, 'Cart').locator('..').innerText().then((text) => text.includes('0')), true)

    await field(page, 'Ask about this order').fill('Where is my order?')
    await button(page, 'Ask').click()
    const said = await page.locator('li[data-who=shop]').innerText()
    assert.match(said, new RegExp((await page.locator('h1').innerText()).match(/\d+/)[0]))

    await button(page, 'Download receipt').click()
    const receipt = await link(page, 'Open the receipt').getAttribute('href')
    const pdf = await (await fetch(receipt)).text()
    assert.ok(pdf.startsWith('%PDF'))

    await page.getByRole('radio', { name: '4 stars' }).press(' ')
    await field(page, 'Comment (optional)').fill('Quick <b>and</b> quiet')
    await button(page, 'Send rating').click()
    await page.getByText('Thank you for telling us.').waitFor()
  }))

test('a guest cancels an order, told what it means', (t) =>
  journey(t, {}, async (page) => {
    await buy(page)
    await page.getByText('Paid. We will ship it soon.').waitFor()

    await button(page, 'Cancel order').click()
    await page.getByText('You get €29.99 back.').waitFor()
    await shot(page, 'cancel-confirm')
    await accessible(page)
    await button(page, 'Keep it').click()
    await button(page, 'Cancel order').click()
    await button(page, 'Yes, cancel the order').click()

    await page.getByText('The order is cancelled.').waitFor()
    await page.getByText('You cancelled it.').waitFor()
    assert.equal(await button(page, 'Cancel order').count(), 0)
  }))

test('a guest finds the order again after a reload, and another tab does not', (t) =>
  journey(t, {}, async (page) => {
    await buy(page)
    const address = page.url()
    await page.reload()
    await heading(page, /^Order \d+$/).waitFor()
    assert.ok(!/token/i.test(address))

    const other = await page.context().newPage()
    await other.goto(address)
    await heading(other, 'Sign in').waitFor()
  }))

test('a guest who signs up with the same address takes the order into the account', (t) =>
  journey(t, {}, async (page) => {
    const email = `claim-${Date.now()}@example.com`
    await buy(page, email)
    const order = new URL(page.url()).hash.slice(1)
    await link(page, 'Sign in').click()
    await link(page, 'Create account').click()
    await heading(page, 'Create account').waitFor()
    await field(page, 'Email').fill(email)
    await field(page, 'Password').fill('Long-Enough-Password-1')
    await button(page, 'Create account').click()
    await field(page, 'Code').fill('123456')
    await button(page, 'Confirm').click()
    await heading(page, /^Order \d+$/).waitFor()
    assert.equal(new URL(page.url()).hash.slice(1), order)
    await button(page, 'Add to my account').click()
    await page.getByText('Ordered as a guest').waitFor({ state: 'detached' })
    await link(page, 'My orders').click()
    await page.getByRole('link', { name: /^Order \d+$/ }).waitFor()
  }))

test('a quick order shows its number and is followed to its end', (t) =>
  journey(t, {}, async (page) => {
    await open(page, '/quick-order')
    await field(page, 'Product ID').fill('COFFEE001')
    await field(page, 'Quantity').fill('2')
    await field(page, 'Email').fill('petra@example.com')
    await button(page, 'Place Order').click()

    await page.getByRole('heading', { name: /^Order \d+$/ }).waitFor()
    await page.getByText('Everything is done').waitFor()
    await page.reload()
    await page.getByText('Everything is done').waitFor()
  }))

test('a quick order of what does not exist says so, and places nothing', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    const { orders } = await state()
    await open(page, '/quick-order')
    await button(page, 'Place Order').click()
    await page.getByText('Enter the product’s ID').waitFor()
    await field(page, 'Product ID').fill('NOTHING')
    await field(page, 'Email').fill('petra@example.com')
    await button(page, 'Place Order').click()

    await page.getByText('There is no such product. Check the ID.').waitFor()
    await shot(page, 'quick-order-refused')
    assert.equal((await state()).orders.length, orders.length)
  }))

test('a card that is declined ends the order, which says why and what to do', (t) =>
  journey(t, {}, async (page) => {
    await open(page, '/products/MOUSE001')
    await button(page, 'Add to cart').click()
    await link(page, 'Go to the cart').click()
    await link(page, 'Checkout').click()
    await field(page, 'Email').fill('petra@example.com')
    await fillAddress(page)
    await field(page, 'Payment method').selectOption('pm_card_chargeDeclined')
    await button(page, 'Place order').click()

    await page.getByText('The card was declined.').waitFor()
    await shot(page, 'order-failed')
    await accessible(page)
    assert.equal(await button(page, 'Cancel order').count(), 0)
    await button(page, 'Order again').click()
    await heading(page, 'Cart').waitFor()
    await page.getByText('€29.99').first().waitFor()
  }))

test('the catalogue that does not answer is asked again on demand', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    await faults({ match: 'GET /products', kind: 'status', status: 503, times: 3 })
    await open(page)
    await page.getByText('The shop is busy or being repaired.').waitFor()
    await shot(page, 'catalogue-failed')
    await accessible(page)
    await button(page, 'Try again').click()
    await page.getByText('Film Camera').waitFor()
  }))

test('a catalogue that is slow shows that it is loading', inMemory, (t) =>
  journey(t, { size: 'narrow' }, async (page) => {
    await faults({ match: 'GET /products', kind: 'delay', seconds: 2 })
    await open(page)
    await page.getByRole('status', { name: 'Loading' }).waitFor()
    await shot(page, 'catalogue-loading')
    await accessible(page)
    await page.getByText('Film Camera').waitFor()
  }))
