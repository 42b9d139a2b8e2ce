// What staff do when something is wrong, or new: dead letters, health, the overview, products and imports.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'

import { accessible, accessibleEverywhere, button, checkOut, config, field, heading, inMemory, journey, link, openOffice, placeOrder, shot, signIn, STAFF, start, stop } from './browser.mjs'

before(() => start({ seconds: 0.1 }))
after(stop)

const poison = (body = {}) => fetch(`${config.apiUrl}/__shop/poison`, { method: 'POST', body: JSON.stringify(body) })
const look = async (page, name) => {
  await shot(page, `office-${name}`)
  await accessibleEverywhere(page)
}
/** Of pages that are made of the same parts: at the journey's own width and in its own colours. */
const glance = async (page, name) => {
  await shot(page, `office-${name}`)
  await accessible(page)
}
async function office(page, path) {
  await openOffice(page, path)
  await signIn(page, STAFF)
  await heading(page, 'Sign in').waitFor({ state: 'detached' })
}

test('an alarm leads to the queue, the queue to its dead letters, which are redriven or discarded', inMemory, (t) =>
  journey(t, {}, async (page) => {
    const { orderId } = await placeOrder()
    await poison({ orderId })
    await poison()
    await office(page, '/health')
    await heading(page, 'Health').waitFor()
    await page.getByText('docs/runbooks/orders-dlq.md').first().waitFor()
    await page.getByText('6 other alarms').click()
    await page.getByText('STUCK').first().waitFor()
    await look(page, 'health')
    await link(page, '2 dead letters of orders').click()
    await heading(page, 'Dead letters').waitFor()
    assert.match(page.url(), /queue=orders/)
    await page.getByRole('article').nth(1).waitFor()
    await page.getByText('Message, with personal data masked').last().click()
    await page.getByText('[personal]').waitFor()
    assert.equal(await page.getByText('petra@example.com').count(), 0)
    await page.getByText('<b>NOTHING</b>').waitFor()
    await look(page, 'dead-letters')

    await page.getByRole('article').filter({ has: link(page, 'Show the order') }).getByRole('button', { name: 'Redrive' }).click()
    await page.getByText('It goes back to the queue orders and is processed again.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('article').nth(1).waitFor({ state: 'detached' })
    await button(page, 'Discard').click()
    await field(page, 'Reason').fill('A test')
    await button(page, 'Discard for good').click()
    await page.getByText('No dead letters').waitFor()
    await shot(page, 'office-dead-letters-none')
  }))

test('today stands beside a week before, with the reasons of failure and the times', inMemory, (t) =>
  journey(t, {}, async (page) => {
    await checkOut()
    await placeOrder({ paymentMethod: 'pm_card_chargeDeclined' })
    await office(page, '/')
    await heading(page, 'Overview').waitFor()
    await page.getByRole('img', { name: /^Orders per hour: \d+ today, \d+ a week before$/ }).waitFor()
    await page.getByText('Time per stage').waitFor()
    await look(page, 'overview')
    await link(page, 'Failed orders').click()
    await heading(page, 'Orders').waitFor()
    await page.getByText('Not successful').nth(1).waitFor()
  }))

test('a product is made, changed, counted and given a picture', inMemory, (t) =>
  journey(t, { size: 'narrow', scheme: 'dark', refusals: true }, async (page) => {
    await office(page, '/products')
    await heading(page, 'Products').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('headset')
    await page.keyboard.press('Enter')
    await page.getByText('MOUSE001').waitFor({ state: 'detached' })
    await page.getByText('HEADSET001').waitFor()
    await glance(page, 'products')
    await link(page, 'New product').click()
    await field(page, 'Product ID').fill('LAMP001')
    await field(page, 'Name').fill('Desk <i>lamp</i>')
    await field(page, 'Price').fill('49.95')
    await button(page, 'Save').click()
    await heading(page, 'Desk <i>lamp</i>').waitFor()
    await field(page, 'Price').fill('39.95')
    await button(page, 'Save').click()
    await page.getByText('Saved. New orders pay this price.').waitFor()
    await field(page, 'Add or remove').fill('-3')
    await field(page, 'Reason').fill('Broken')
    await button(page, 'Change stock to -3').click()
    await page.getByRole('alert').waitFor()
    await field(page, 'Add or remove').fill('12')
    await button(page, 'Change stock to 12').click()
    await page.getByText('12 units are available.').waitFor()
    await page.locator('input[type=file]').setInputFiles('pictures/CLOCK001.webp')
    await button(page, 'Upload picture').click()
    await page.getByRole('img', { name: 'Picture of Desk <i>lamp</i>' }).waitFor()
    await page.waitForFunction(() => [...document.images].some((image) => image.naturalWidth > 0))
    await glance(page, 'product')
    await button(page, 'Withdraw').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await page.getByText('Withdrawn: it is not listed or sold.').waitFor()
  }))

test('a file is uploaded, watched, and reported row by row', inMemory, (t) =>
  journey(t, { size: 'narrow', refusals: true }, async (page) => {
    const head = 'reference,customerId,customerEmail,productId,quantity,street,city,zipCode,country'
    const line = (n, quantity) => `week-${n},c-${n},petra@example.com,MOUSE001,${quantity},Lange Kade 12,Delft,2611 AA,NL`
    const content = [head, line(1, 1), line(2, '<b>many</b>'), line(3, 2)].join('\n')
    await office(page, '/imports')
    await heading(page, 'Imports').waitFor()
    await page.getByText('No imports yet').waitFor()
    await shot(page, 'office-imports-empty')
    await page.locator('input[type=file]').setInputFiles({ name: 'week47.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
    await button(page, 'Upload and import').click()
    await link(page, 'week47.csv').waitFor()
    await page.getByText('Done', { exact: true }).waitFor()
    await glance(page, 'imports')
    await link(page, 'week47.csv').click()
    await heading(page, 'week47.csv').waitFor()
    await page.getByText('items[0].quantity must be a whole number: <b>many</b>').waitFor()
    await link(page, 'Download as CSV').waitFor()
    await glance(page, 'import')
    await page.getByLabel('Outcome', { exact: true }).selectOption('accepted')
    await page.locator('tbody a').first().click()
    await heading(page, /^Order \d+$/).waitFor()
    await accessible(page)
  }))

test('orders of a day are exported to a file', inMemory, (t) =>
  journey(t, {}, async (page) => {
    const { orderId } = await placeOrder()
    await office(page, '/exports')
    await heading(page, 'Exports').waitFor()
    await page.getByText('No exports yet').waitFor()
    await button(page, 'Export').click()
    await page.getByText('Done', { exact: true }).waitFor()
    await glance(page, 'exports')
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()])
    assert.match(readFileSync(await download.path(), 'utf8'), new RegExp(orderId))
  }))

test('an admin invites staff and gives a partner another key', inMemory, (t) =>
  journey(t, { scheme: 'dark', refusals: true }, async (page) => {
    await office(page, '/settings')
    await heading(page, 'Settings').waitFor()
    await page.getByText('viewer@example.com').waitFor()
    await button(page, 'Invite someone').click()
    await field(page, 'Email').fill('anna@example.com')
    await page.getByRole('checkbox', { name: 'Warehouse' }).check()
    await glance(page, 'invite')
    await button(page, 'Send invitation').click()
    const anna = page.getByRole('row').filter({ hasText: 'anna@example.com' })
    await anna.getByText('Invited').waitFor()
    await anna.getByText('Warehouse').waitFor()
    await anna.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('anna@example.com is signed out everywhere').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await anna.getByText('Disabled').waitFor()

    await button(page, 'Add a partner').click()
    await field(page, 'Partner ID').fill('corner-shop')
    await field(page, 'Name').fill('Corner <b>shop</b>')
    await button(page, 'Add, and make a key').click()
    await page.getByText('New key of Corner <b>shop</b>').waitFor()
    await button(page, 'New key').click()
    await button(page, 'Make a new key').click()
    await page.getByText('ends').first().waitFor()
    await glance(page, 'settings')
    await page.getByRole('button', { name: /^Revoke key/ }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('revoked').waitFor()
  }))
