// How long staff wait for the first page of the orders' list, round by round: from the click on "Orders" to the first row, and
// the API's own part of it. For `python -m bench.orders_page`, which reads the JSON that is printed.
import { chromium } from 'playwright-core'

import { ARGUMENTS, heading, openOffice, signIn, STAFF } from './browser.mjs'

const ROUNDS = 12

/** In the page: when "Orders" was clicked, and when the first order was there to be seen. */
function watch() {
  const ORDER = 'main a[href^="#/orders/"]'
  addEventListener('click', () => {
    const clicked = performance.now()
    const look = () => {
      if (document.querySelector(ORDER)) {
        const [asked] = performance.getEntriesByType('resource').filter((one) => one.name.includes('/admin/orders'))
        window.waited = { shown: performance.now() - clicked, api: asked.responseEnd - asked.startTime }
      } else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, { capture: true, once: true })
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS })
try {
  const page = await browser.newPage()
  await openOffice(page, '/')
  await heading(page, 'Sign in').waitFor()
  await signIn(page, STAFF)
  await heading(page, 'Overview').waitFor()
  const rounds = []
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload()
    await heading(page, 'Overview').waitFor()
    await page.waitForLoadState('networkidle')
    await page.evaluate(watch)
    await page.getByRole('navigation').getByRole('link', { name: 'Orders' }).click()
    rounds.push(await (await page.waitForFunction(() => window.waited)).jsonValue())
  }
  console.log(JSON.stringify(rounds))
} finally {
  await browser.close()
}
