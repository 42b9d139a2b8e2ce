import { expect, it } from 'vitest'

import { translate } from './i18n'
import { localeOf } from './locale'

it('takes the first language of the reader that there is', () => {
  expect(localeOf(['pt-BR', 'nl-BE', 'en'])).toBe('nl')
  expect(localeOf(['ja'])).toBe('en')
})

it('chooses a plural by the rules of the language', () => {
  const texts = { 'n.one': '{count} produit', 'n.other': '{count} produits' }

  expect(translate(texts, 'fr', 'n', { count: 0 })).toBe('0 produit')
  expect(translate(texts, 'fr', 'n', { count: 2 })).toBe('2 produits')
})

it('leaves filled-in values as text, even if they look like markup', () => {
  expect(translate({ a: 'Hello {name}' }, 'en', 'a', { name: '{name} <b>' })).toBe('Hello {name} <b>')
})

it('groups numbers as the language does', () => {
  expect(translate({ a: '{n}' }, 'de', 'a', { n: 12345 })).toBe('12.345')
})
