import { expect, it } from 'vitest'

import { matching } from './search'

const product = (productId: string, name: string, description = '') => ({
  productId,
  name,
  description,
  price: 1,
  currency: 'EUR',
  stock: 1,
})
const all = [product('LAPTOP001', 'Gaming Laptop', 'for long nights'), product('COFFEE001', 'Café Ελλάς, 250 g')]
const found = (query: string) => matching(all, query).map(({ productId }) => productId)

it('finds every word, wherever it stands', () => {
  expect(found('nights laptop')).toEqual(['LAPTOP001'])
  expect(found('laptop coffee')).toEqual([])
})

it('ignores case and accents, in any script', () => {
  expect(found('cafe')).toEqual(['COFFEE001'])
  expect(found('ελλας')).toEqual(['COFFEE001'])
})

it('finds all for nothing', () => {
  expect(found('  ')).toHaveLength(2)
})
