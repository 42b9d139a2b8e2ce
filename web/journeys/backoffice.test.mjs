// What staff do all day, over the real staff routes: few page loads, each looked at from many sides.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, accessibleEverywhere, button, checkOut, config, CUSTOMER, field, heading, inMemory, journey, link, openOffice, shot, signIn, STAFF, start, stop, VIEWER } from './browser.mjs'

before(() => start({ seconds: 0.1 }))
after(stop)

const EVIL = '<img src=x onerror=alert(1)>"><script>alert(2)</script>'

const look = async (page, name) => {
  await shot(page, `office-${name}`)
  await accessibleEverywhere(page)
}
/** At a state of a page that was looked at from all sides before. */
const glance = async (page, name) => {
  await shot(page, `office-${name}`)
  await accessible(page)
}
/** What the order is now, as its page's heading says: the timeline also names what is to come. */
const status = (page, text) => page.locator('main header').getByText(text, { exact: true })

const token = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem('orderproc.staff')).idToken)

/** Signed in as staff, on the page of that address. */
async function office(page, path) {
  await openOffice(page, path)
  await heading(page, 'Sign in').waitFor()
  await signIn(page, STAFF)
  await heading(page, 'Sign in').waitFor({ state: 'detached' })
}

test('an order is found, shipped in two parcels, and a colleague who is late is told', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    const { orderId } = await checkOut({ note: EVIL })
    await openOffice(page)
    await heading(page, 'Sign in').waitFor()
    await look(page, 'sign-in')
    await signIn(page, STAFF)
    await heading(page, 'Orders').waitFor()

    await page.getByLabel('Status', { exact: true }).selectOption('CONFIRMED')
    assert.match(page.url(), /status=CONFIRMED/)
    await page.getByText('Petra de Vries').first().waitFor()
    await look(page, 'orders')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await heading(page, /^Order \d+$/).waitFor()
    await page.goBack()
    await page.getByText('Petra de Vries').first().waitFor()
    const { orderNumber } = await (await fetch(`${config.apiUrl}/admin/orders/${orderId}`, { headers: { Authorization: await token(page) } })).json()
    await page.keyboard.press('/')
    await page.keyboard.type(orderNumber)
    await page.keyboard.press('Enter')
    await link(page, orderNumber).click()
    await heading(page, `Order ${orderNumber}`).waitFor()
    await status(page, 'Confirmed').waitFor()
    await page.getByText(EVIL).waitFor()
    assert.equal(await page.locator('main img[src=x]').count(), 0)
    await button(page, 'Add note').click()
    await field(page, 'Note').fill(`Called back. ${EVIL}`)
    await button(page, 'Save note').click()
    await page.getByText(`Called back. ${EVIL}`).waitFor()
    await button(page, 'Edit tags').click()
    await field(page, 'Tags').fill('vip, gift')
    await button(page, 'Save').click()
    await page.locator('main header').getByText('gift').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await look(page, 'order')

    await button(page, 'Ship').click()
    await field(page, 'Carrier').fill('PostNL')
    await field(page, 'Tracking number').fill(`3S-${orderId.slice(0, 8)}-1`)
    await field(page, 'Units of Wireless Mouse').fill('1')
    await glance(page, 'ship')
    await button(page, 'Ship now').click()
    await status(page, 'Packing').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await button(page, 'Ship').click()
    await field(page, 'Carrier').fill('PostNL')
    await field(page, 'Tracking number').fill(`3S-${orderId.slice(0, 8)}-2`)
    await button(page, 'Ship now').click()
    await status(page, 'Complete').waitFor()
    assert.equal(await button(page, 'Ship').count(), 0)
    assert.equal(await button(page, 'Cancel order').count(), 0)
    await button(page, 'Mark as delivered').first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as delivered' }).click()
    await page.getByText('Delivered', { exact: true }).waitFor()
    await link(page, 'petra@example.com').click()
    await heading(page, 'Petra de Vries').waitFor()
    await page.getByText('Spent').waitFor()
    await glance(page, 'customer')
    await link(page, 'Customers').click()
    await heading(page, 'Customers').waitFor()
    await link(page, 'Petra de Vries').waitFor()
    await look(page, 'customers')
    await page.goBack()
    await page.goBack()
    await page.getByText('Delivered', { exact: true }).waitFor()
    await glance(page, 'order-shipped')
  }))

test('cancelling says the amount, and who comes second is told what the first did', inMemory, (t) =>
  journey(t, { refusals: true }, async (page) => {
    const { orderId } = await checkOut()
    await office(page, `/orders/${orderId}`)
    await status(page, 'Confirmed').waitFor()
    await button(page, 'Cancel order').click()
    await page.getByText('€59.98 is refunded, and the stock released.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await button(page, 'Ship').click()
    await field(page, 'Carrier').fill('PostNL')
    await field(page, 'Tracking number').fill(`3S-${orderId.slice(0, 8)}`)
    await cancelElsewhere(page, orderId)
    await button(page, 'Ship now').click()
    await page.getByText(/^Nothing was done: it is now “(Cancelled|Refunded)”/).waitFor()
    await glance(page, 'conflict')
    await button(page, 'Close').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await button(page, 'Ship').count(), 0)
  }))

/** As a colleague does in another window, while this one has the dialog open. */
async function cancelElsewhere(page, orderId) {
  const answer = await fetch(`${config.apiUrl}/admin/orders/${orderId}/cancel`, { method: 'POST', headers: { Authorization: await token(page) } })
  assert.equal(answer.status, 200)
}

test('a customer’s account and token open nothing, and a role is offered what it may', inMemory, (t) =>
  journey(t, { size: 'narrow', scheme: 'dark', refusals: true }, async (page) => {
    await openOffice(page)
    await signIn(page, CUSTOMER)
    await page.getByText('This account is not a staff account.').waitFor()
    assert.equal(await page.getByRole('navigation').count(), 0)
    await accessible(page)
    const customers = await token(page)
    const asked = ['/admin/orders', '/admin/queues', '/admin/metrics', '/admin/imports', '/admin/dead-letters', '/admin/discrepancies', '/admin/audit']
    const answers = await Promise.all(asked.map((path) => fetch(config.apiUrl + path, { headers: { Authorization: customers } })))
    assert.deepEqual(answers.map(({ status }) => status), asked.map(() => 403))
    const { orderId } = await checkOut()
    await openOffice(page, `/orders/${orderId}`)
    await signIn(page, VIEWER)
    await status(page, 'Confirmed').waitFor()
    assert.deepEqual(await page.getByRole('navigation').getByRole('link').allInnerTexts(), ['Overview', 'Orders', 'Products', 'Customers', 'Imports', 'Health'])
    for (const name of ['Ship', 'Cancel order', 'Retry', 'Add note', 'Edit tags']) assert.equal(await button(page, name).count(), 0)
    await openOffice(page, '/products/MOUSE001')
    await heading(page, 'Wireless Mouse').waitFor()
    assert.equal(await page.getByRole('main').getByRole('button').count(), 0)
    await openOffice(page, '/health')
    await page.getByText('STUCK').or(page.getByText('Payments, stock and receipts agree with the orders.')).first().waitFor()
    await accessible(page)
    await button(page, 'Sign out').click()
    await heading(page, 'Sign in').waitFor()
  }))

test('several orders are shipped at once, each with its number', inMemory, (t) =>
  journey(t, { scheme: 'dark' }, async (page) => {
    const ids = [(await checkOut()).orderId, (await checkOut()).orderId]
    await office(page, '/orders?status=CONFIRMED')
    const authorization = { Authorization: await token(page) }
    const numbers = []
    for (const id of ids) {
      const { orderNumber } = await (await fetch(`${config.apiUrl}/admin/orders/${id}`, { headers: authorization })).json()
      await link(page, orderNumber).waitFor()
      numbers.push(orderNumber)
    }
    await button(page, 'Ship several').click()
    await field(page, 'Carrier').fill('PostNL')
    for (const number of numbers) await field(page, `Tracking number of ${number}`).fill(`3S-${number}`)
    await glance(page, 'ship-several')
    await button(page, 'Ship 2 orders').click()
    await page.getByText('Shipped', { exact: true }).nth(1).waitFor()
    await button(page, 'Close').click()
    await link(page, numbers[0]).waitFor({ state: 'detached' })
  }))
