// What only a deployed stack shows of the back office: Cognito's own client for staff, the policy that CloudFront sends, an
// upload to the bucket, functions and queues.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, button, checkOut, CUSTOMER, field, heading, journey, link, openOffice, shot, signIn, STAFF, start, stop } from './browser.mjs'

before(start)
after(stop)

test('staff ship an order, import a file and see the stage’s health; a customer sees nothing of it', (t) =>
  journey(t, { refusals: true }, async (page) => {
    const { orderId } = await checkOut()
    await openOffice(page, `/orders/${orderId}`)
    await signIn(page, CUSTOMER)
    await page.getByText('This account is not a staff account.').waitFor()
    await signIn(page, STAFF)
    await page.locator('main header').getByText('Confirmed', { exact: true }).waitFor()
    await button(page, 'Ship').click()
    await field(page, 'Carrier').fill('PostNL')
    await field(page, 'Tracking number').fill(`3S-${orderId}`)
    await button(page, 'Ship now').click()
    await page.locator('main header').getByText('Complete', { exact: true }).waitFor()

    await link(page, 'Imports').click()
    await heading(page, 'Imports').waitFor()
    const name = `stack-${Date.now()}.csv`
    const content = `productId,name,price\nOFFICE001,Paper clip,0.05\nOFFICE002,Stapler,much\n`
    await page.getByLabel('Content', { exact: true }).selectOption('products')
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
    await button(page, 'Upload and import').click()
    await link(page, name).click()
    await heading(page, name).waitFor()
    await page.getByText(/^price .*: much/).waitFor()
    await link(page, 'Download as CSV').waitFor()

    await link(page, 'Health').click()
    await page.getByText('other alarms').waitFor()
    await page.getByRole('cell', { name: 'orders', exact: true }).waitFor()
    await shot(page, 'stack-office-health')
    await accessible(page)
    await link(page, 'Overview').click()
    await page.getByRole('img', { name: /^Orders per hour/ }).waitFor()
    assert.equal(await page.getByRole('alert').count(), 0)
  }))
