import { expect, it } from 'vitest'

import { GuestCart, linesFrom, merged, put } from './guestCart'

function memory() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
const line = (productId: string, quantity: number) => ({ productId, quantity })

it('sets a quantity in place, adds at the end, and removes at 0', () => {
  const two = put(put([], 'A', 1), 'B', 2)

  expect(put(two, 'A', 5)).toEqual([line('A', 5), line('B', 2)])
  expect(put(two, 'A', 0)).toEqual([line('B', 2)])
  expect(put(two, 'A', 1000)).toEqual([line('A', 99), line('B', 2)])
})

it('is added to what the customer has, up to what a cart takes', () => {
  expect(merged([line('A', 2), line('B', 60)], [line('B', 60), line('C', 1)])).toEqual([line('A', 2), line('B', 99)])
})

it('is merged once, however often the merge is interrupted', () => {
  const kept = memory()
  const cart = new GuestCart(kept)
  cart.set('A', 2)

  const first = cart.merge('petra', [line('A', 1)])
  const again = new GuestCart(kept).merge('petra', first) // the first try reached the API, its answer was lost

  expect(again).toEqual([line('A', 3)])
})

it('is merged anew after it was cleared, and for another customer', () => {
  const cart = new GuestCart(memory())
  cart.set('A', 2)
  cart.merge('petra', [])

  expect(cart.merge('paul', [line('A', 1)])).toEqual([line('A', 3)])
  cart.clear()
  expect(cart.merge('paul', [line('A', 3)])).toEqual([])
})

it('reads only lines from what the browser kept', () => {
  expect(linesFrom('[{"productId":"A","quantity":1},null,{"productId":2},{"productId":"B","quantity":1.5}]')).toEqual([
    line('A', 1),
  ])
  expect(linesFrom('{')).toEqual([])
  expect(linesFrom(null)).toEqual([])
})

it('gives the same array until it changes', () => {
  const cart = new GuestCart(memory())
  cart.set('A', 1)

  expect(cart.read()).toBe(cart.read())
})
