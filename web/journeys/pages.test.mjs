import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { accessible, accessibleEverywhere, button, field, fillAddress, heading, inlineScriptIsBlocked, journey, link, open, shot, signIn, SITE, start, stop } from './browser.mjs'

before(start)
after(stop)

test('every page is accessible and fits, at both widths, light and dark', (t) =>
  journey(t, {}, async (page) => {
    const look = async (name) => {
      await shot(page, name)
      await accessibleEverywhere(page)
    }
    await open(page)
    await page.getByText('Film Camera').waitFor()
    await page.waitForLoadState('networkidle')
    await look('catalogue')
    await field(page, 'Search products').fill('nothing of the kind')
    await page.getByText('Nothing found').waitFor()
    await look('catalogue-nothing')
    await open(page, '/cart')
    await page.getByText('Your cart is empty').waitFor()
    await look('cart-empty')
    await open(page, '/products/LAPTOP001')
    await button(page, 'Add to cart').click()
    await page.getByText('added to your cart').waitFor()
    await look('product')
    await link(page, 'Cart').click()
    await page.getByText('€1,299.99').first().waitFor()
    await look('cart')
    await link(page, 'Checkout').click()
    await heading(page, 'Checkout').waitFor()
    await look('checkout')
    await button(page, 'Place order').click()
    await page.getByText('Enter the city').waitFor()
    await look('checkout-wrong')
    await field(page, 'Email').fill('petra@example.com')
    await fillAddress(page)
    await button(page, 'Place order').click()
    await heading(page, /^Order \d+$/).waitFor()
    await look('order-live')
    await page.getByText('Paid. We will ship it soon.').waitFor()
    await look('order')
    for (const [path, name] of [['/quick-order', 'Quick order'], ['/create-account', 'Create account'], ['/forgotten-password', 'Forgotten password'], ['/nowhere', 'Not found'], ['/sign-in', 'Sign in']]) {
      await open(page, path)
      await heading(page, name).waitFor()
      await look(path.slice(1))
    }
    await signIn(page)
    await heading(page, 'Products').waitFor()
    await open(page, '/orders')
    await heading(page, 'My orders').waitFor()
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
    await look('orders')
    await open(page, '/addresses')
    await heading(page, 'Addresses').waitFor()
    await look('addresses-empty')
  }))

for (const [locale, products, cart] of [['nl', 'Producten', 'Winkelwagen'], ['de', 'Produkte', 'Warenkorb'], ['fr', 'Produits', 'Panier'], ['es', 'Productos', 'Carrito']])
  test(`the shop speaks ${locale} to a browser that asks for it, and fits on a phone`, (t) =>
    journey(t, { locale, size: 'narrow' }, async (page) => {
      await open(page)
      await heading(page, products).waitFor()
      assert.equal(await page.locator('html').getAttribute('lang'), locale)
      await page.waitForLoadState('networkidle')
      await shot(page, `catalogue-${locale}`)
      await accessible(page)
      await link(page, cart).click()
      await heading(page, cart).waitFor()
      await page.locator('footer select').selectOption('en')
      await heading(page, 'Cart').waitFor()
    }))

test('a purchase by keyboard alone', (t) =>
  journey(t, { refusals: true }, async (page) => {
    const { keyboard } = page
    const tabTo = async (found, key = 'Tab') => {
      for (let n = 0; n < 80; n += 1) {
        await keyboard.press(key)
        const { here, html, shown } = await found.evaluate((element) => {
          const focused = document.activeElement
          // A product's card draws it around itself. The border of a field shows it; nothing has the focus between the
          // page's end and its beginning.
          const outlined = [null, '::before'].some((part) => {
            const { outlineStyle, outlineWidth } = getComputedStyle(focused, part)
            return outlineStyle !== 'none' && outlineWidth !== '0px'
          })
          const exempt = focused.matches('body, input, select, textarea')
          return { here: element === focused, html: focused.outerHTML.slice(0, 200), shown: exempt || outlined }
        })
        assert.ok(shown, `it has the focus, which can not be seen: ${html}`)
        if (here) return
      }
      assert.fail('never reached by Tab')
    }
    await open(page)
    await page.getByText('Film Camera').waitFor()
    await keyboard.press('Tab')
    await keyboard.press('Enter') // skip to content
    await tabTo(field(page, 'Search products'))
    await keyboard.type('headset')
    await page.getByText('1 product for').waitFor()
    await tabTo(button(page, 'Add to cart'))
    await keyboard.press('Enter')
    await page.getByText('1 item in your cart').waitFor({ state: 'attached' })
    await tabTo(link(page, 'Cart'), 'Shift+Tab')
    await keyboard.press('Enter')
    await heading(page, 'Cart').waitFor()
    await tabTo(link(page, 'Checkout'))
    await keyboard.press('Enter')
    await heading(page, 'Checkout').waitFor()
    for (const [name, text] of [['Email', 'petra@example.com'], ['Name', 'Petra'], ['Street', 'Kade 1'], ['Postal code', '2611 AA'], ['City', 'Delft'], ['Country', 'Netherl']]) {
      await tabTo(field(page, name))
      await keyboard.type(text)
    }
    await tabTo(button(page, 'Place order'))
    await keyboard.press('Enter')
    await heading(page, /^Order \d+$/).waitFor()
    await tabTo(button(page, 'Cancel order'))
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('Paid. We will ship it soon.').waitFor()
    await tabTo(button(page, 'Download receipt'), 'Shift+Tab')
    await keyboard.press('Enter')
    await link(page, 'Open the receipt').waitFor()
    await tabTo(field(page, 'Ask about this order'))
    await keyboard.type('Where is it?')
    await keyboard.press('Enter')
    await page.locator('li[data-who=shop]').waitFor()
  }))

test('the policy of the site stops inline scripts and styles', (t) =>
  journey(t, { refusals: true, violations: true }, async (page) => {
    const answer = await page.goto(`${SITE}/`)
    const policy = answer.headers()['content-security-policy']
    assert.ok(!policy.includes('unsafe'))
    assert.equal(await page.locator('style').count(), 0)
    assert.equal(await page.locator('script:not([src])').count(), 0)
    const stopped = await page.evaluate(async () => {
      const found = []
      const attempt = (what) => {
        try {
          what()
        } catch {
          found.push('trusted types')
        }
      }
      const handler = document.body.appendChild(document.createElement('button'))
      attempt(() => handler.setAttribute('onclick', 'window.ran = 1'))
      handler.click()
      const script = document.createElement('script')
      attempt(() => (script.textContent = 'window.ran = 2'))
      document.body.append(script)
      await fetch('https://example.com/').catch(() => found.push('foreign host'))
      return { ran: window.ran, found }
    })
    assert.deepEqual(stopped, { ran: undefined, found: ['trusted types', 'trusted types', 'foreign host'] })
  }))

test('script in the HTML that is served does not run', (t) => journey(t, { violations: true }, inlineScriptIsBlocked))

test('markup in what the API says stays text', (t) =>
  journey(t, {}, async (page) => {
    const evil = '<img src=x onerror=alert(1)>"><script>alert(2)</script>'
    await page.route('**/products?*', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      Object.assign(body.products[0], { name: evil, description: evil, imageUrl: null })
      await route.fulfill({ response: answer, json: body })
    })
    await open(page)
    await page.getByText(evil).first().waitFor()
    assert.equal(await page.locator('main img[src=x]').count(), 0)
    await accessible(page)
  }))
