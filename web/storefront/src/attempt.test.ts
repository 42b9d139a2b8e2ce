import { expect, it } from 'vitest'

import { Attempts } from './attempt'

function memory() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
const numbered = () => {
  let n = 0
  return () => `key-${(n += 1)}`
}

it('sends the same order with the same key, also after a reload', () => {
  const kept = memory()
  const keys = numbered()
  const first = new Attempts('checkout', kept, keys).begin({ total: 20 })

  expect(new Attempts('checkout', kept, keys).begin({ total: 20 })).toEqual(first)
})

it('sends another order with another key', () => {
  const attempts = new Attempts('checkout', memory(), numbered())

  expect(attempts.begin({ total: 20 }).key).not.toBe(attempts.begin({ total: 30 }).key)
})

it('begins anew once the API has answered', () => {
  const attempts = new Attempts('checkout', memory(), numbered())
  const first = attempts.begin({ total: 20 })
  attempts.close()

  expect(attempts.open()).toBeNull()
  expect(attempts.begin({ total: 20 }).key).not.toBe(first.key)
})
