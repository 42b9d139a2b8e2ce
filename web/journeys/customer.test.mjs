import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { button, config, field, fillAddress, heading, journey, link, open, shot, signIn, signUp, start, stop } from './browser.mjs'

before(start)
after(stop)

test('a customer signs up, orders with what a guest had in the cart, asks, and signs out', (t) =>
  journey(t, {}, async (page) => {
    await open(page, '/products/COFFEE001')
    await button(page, 'One more of Café Ελλάς, 250 g').click()
    await button(page, 'Add to cart').click()
    await page.getByText('2 added to your cart.').waitFor()

    await signUp(page, `new-${Date.now()}@example.com`)
    await link(page, 'Cart').click()
    await page.getByText('€15.90').first().waitFor()
    assert.equal(await page.evaluate(() => localStorage.getItem('orderproc.cart')), null)

    await link(page, 'Checkout').click()
    await fillAddress(page)
    await field(page, 'Remember this address on this device').check()
    await field(page, 'Note for the shop (optional)').fill('Leave it <script>alert(1)</script> at the door')
    await button(page, 'Place order').click()
    await page.getByText('Paid. We will ship it soon.').waitFor()

    await field(page, 'Ask about this order').fill('Where is my order?')
    await button(page, 'Ask').click()
    await page.locator('li[data-who=shop]').waitFor()
    await shot(page, 'order-customer')

    await link(page, 'My orders').click()
    await page.getByRole('link', { name: /^Order \d+$/ }).waitFor()
    await shot(page, 'my-orders')
    await link(page, 'Addresses').click()
    await page.getByText('Lange Kade 12').waitFor()
    await shot(page, 'addresses')
    await button(page, 'Sign out').click()
    await link(page, 'Sign in').waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.getItem('orderproc.session')), null)
  }))

test('an address is added, changed, removed, and offered at checkout', (t) =>
  journey(t, {}, async (page) => {
    await signUp(page, `lives-${Date.now()}@example.com`)
    await link(page, 'Addresses').click()
    await button(page, 'Add address').click()
    await button(page, 'Save address').click()
    await page.getByText('Enter street and number').waitFor()
    await fillAddress(page)
    await button(page, 'Save address').click()
    await button(page, 'Change').click()
    await field(page, 'City').fill('Gouda')
    await button(page, 'Save address').click()
    await page.getByText('2611 AA Gouda').waitFor()

    await open(page, '/products/MOUSE001')
    await button(page, 'Add to cart').click()
    await link(page, 'Go to the cart').click()
    await link(page, 'Checkout').click()
    assert.equal(await field(page, 'City').inputValue(), 'Gouda')

    await open(page, '/cart')
    await button(page, 'Remove Wireless Mouse').click()
    await page.getByText('Your cart is empty').waitFor()
    await open(page, '/addresses')
    await button(page, 'Remove').click()
    await page.getByText('No addresses yet').waitFor()
  }))

test('a forgotten password is replaced, and the person is signed in', (t) =>
  journey(t, {}, async (page) => {
    const email = `forgets-${Date.now()}@example.com`
    await signUp(page, email)
    await button(page, 'Sign out').click()
    await link(page, 'Sign in').click()
    await link(page, 'Forgotten your password?').click()
    await heading(page, 'Forgotten password').waitFor()
    await field(page, 'Email').fill(email)
    await button(page, 'Send code').click()
    await field(page, 'Code').fill('654321')
    await field(page, 'New password').fill('Another-Password-2')
    await button(page, 'Set password').click()

    await button(page, 'Sign out').waitFor()
  }))

test('a wrong password, a weak one and a wrong code each say what to do', (t) =>
  journey(t, { refusals: true }, async (page) => {
    await open(page, '/sign-in')
    await signIn(page, { email: 'customer@example.com', password: 'wrong' })
    await page.getByText('Email or password is wrong.').waitFor()

    await open(page, '/create-account')
    await heading(page, 'Create account').waitFor()
    await field(page, 'Email').fill(`code-${Date.now()}@example.com`)
    await field(page, 'Password').fill('short')
    await button(page, 'Create account').click()
    await page.getByText('Use at least 12 characters').waitFor()
    await field(page, 'Password').fill('Long-Enough-Password-1')
    await button(page, 'Create account').click()
    await field(page, 'Code').fill('000000')
    await button(page, 'Confirm').click()
    await page.getByText('The code is wrong.').waitFor()
    await shot(page, 'code-wrong')
  }))

test('another customer’s order is not shown, and a page for customers comes back after signing in', (t) =>
  journey(t, { refusals: true }, async (page) => {
    await open(page, '/orders')
    await signIn(page)
    await heading(page, 'My orders').waitFor()
    const answer = await fetch(`${config.apiUrl}/place-order`, {
      method: 'POST',
      headers: { 'X-API-Key': config.publishableKey, 'Idempotency-Key': crypto.randomUUID(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ productId: 'MOUSE001', quantity: 1, customerEmail: 'paul@example.com' }),
    })
    const { orderId } = await answer.json()
    await open(page, `/orders/${orderId}`)
    await page.getByText('No such order').waitFor()
  }))
