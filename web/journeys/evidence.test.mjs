// The reports of `make evidence` (infra/evidence), which tests/browser writes into the folder EVIDENCE.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessibleEverywhere, heading, onFile, shot, start, stop } from './browser.mjs'

const file = (name) => `${process.env.EVIDENCE}/${name}.html`
before(start)
after(stop)

test('the report of a stage is for every reader, width and scheme, and loads nothing', () =>
  onFile(file('stage'), async (page) => {
    await heading(page, 'Stage blue as it stands').waitFor()
    await page.locator('details').evaluateAll((all) => all.forEach((one) => (one.open = true)))
    await accessibleEverywhere(page)
    await shot(page, 'evidence-stage')
  }))

test('its sections are reached by its navigation and by the keyboard', () =>
  onFile(file('stage'), async (page) => {
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content')
    for (const name of await page.getByRole('navigation').getByRole('link').allTextContents()) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 2, name, exact: true }).waitFor()
    }
  }))

test('the proof that a stage is gone is for every reader, too', () =>
  onFile(file('proof'), async (page) => {
    await heading(page, 'Stage blue: nothing is left').waitFor()
    await accessibleEverywhere(page)
    await shot(page, 'evidence-proof')
  }))
