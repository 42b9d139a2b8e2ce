import { expect, it } from 'vitest'

import { AddressBook, addressOf, EMPTY, missingIn } from './address'

function memory() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
const home = { name: 'Petra', street: 'Kade 1', city: 'Delft', zipCode: '2611 AA', country: 'NL' }

it('is sent trimmed, without what is empty', () => {
  expect(addressOf({ ...EMPTY, ...home, city: ' Delft ', company: '  ' })).toEqual(home)
})

it('needs a postal code only where the country has them', () => {
  expect(Object.keys(missingIn({ ...EMPTY, ...home, zipCode: ' ' }))).toEqual(['zipCode'])
  expect(missingIn({ ...EMPTY, ...home, zipCode: '', country: 'HK' })).toEqual({})
  expect(Object.keys(missingIn(EMPTY))).toEqual(['name', 'street', 'city', 'country', 'zipCode'])
})

it('is kept once, the latest first, for each customer', () => {
  const kept = memory()
  const book = new AddressBook(kept, 'petra')
  book.add(home)
  book.add({ ...home, street: 'Kade 2' })
  book.add({ ...home })

  expect(book.all().map(({ street }) => street)).toEqual(['Kade 1', 'Kade 2'])
  expect(new AddressBook(kept, 'paul').all()).toEqual([])
})

it('leaves nothing behind when the last one is removed', () => {
  const kept = memory()
  const book = new AddressBook(kept, 'petra')
  book.add(home)
  book.remove(0)

  expect(kept.items.size).toBe(0)
})
