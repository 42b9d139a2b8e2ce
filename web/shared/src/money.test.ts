import { describe, expect, it } from 'vitest'

import { decimal, digitsOf, equal, formatMoney, fromUnits, sum, times, toUnits } from './money'

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('amounts', () => {
  it('are summed without binary fractions', () => {
    expect(sum([0.1, 0.2])).toBe('0.3')
    expect(sum(['1299.99', 29.99, '0.01'])).toBe('1329.99')
    expect(sum([])).toBe('0')
  })

  it('are multiplied exactly, up to the largest that the API takes', () => {
    expect(times(1.15, 3)).toBe('3.45')
    expect(times('999999999.99', 99)).toBe('98999999999.01')
    expect(times(5, 2)).toBe('10')
  })

  it('keep a currency without minor unit, and one with three digits', () => {
    expect(digitsOf('JPY')).toBe(0)
    expect(digitsOf('BHD')).toBe(3)
    expect(toUnits('1.234', 3)).toBe(1234n)
    expect(fromUnits(5n, 3)).toBe('0.005')
    expect(fromUnits(-5n, 2)).toBe('-0.05')
  })

  it('are read from what JSON makes of very small and very large numbers', () => {
    expect(decimal(1e-7)).toBe('0.0000001')
    expect(decimal(1.5e21)).toBe('1500000000000000000000')
  })

  it('are never rounded silently', () => {
    expect(() => toUnits('0.001', 2)).toThrow(RangeError)
    expect(() => decimal('NaN')).toThrow(RangeError)
    expect(toUnits('1.500', 1)).toBe(15n)
  })

  it('are equal as numbers, not as text', () => {
    expect(equal('20.00', 20)).toBe(true)
    expect(equal(20.01, 20)).toBe(false)
  })
})

describe('money in a language', () => {
  it.each([
    ['en', '€1,299.99'],
    ['nl', '€ 1.299,99'],
    ['de', '1.299,99 €'],
    ['fr', '1 299,99 €'],
    ['es', '1299,99 €'],
  ])('is written as in %s', (locale, shown) => {
    expect(plain(formatMoney(1299.99, 'EUR', locale))).toBe(shown)
  })

  it('shows what a double could not hold', () => {
    expect(formatMoney('12345678901234567.89', 'EUR', 'en')).toBe('€12,345,678,901,234,567.89')
  })

  it('shows no decimals of yen, and all of an amount that has more than its currency', () => {
    expect(formatMoney(1200, 'JPY', 'en')).toBe('¥1,200')
    expect(formatMoney('0.005', 'EUR', 'en')).toBe('€0.005')
  })
})
