import type { Kept } from '@orderproc/shared'

import type { Address } from '../api'
import type { Text } from '../shop'
import { WITHOUT_POSTAL_CODES } from './countries'

/** As it stands in the fields: every one a text, empty if nothing was typed. */
export type AddressForm = Record<keyof Address, string>

export const EMPTY: AddressForm = { name: '', company: '', street: '', street2: '', city: '', state: '', zipCode: '', country: '' }

export function formOf(address: Address | null | undefined): AddressForm {
  const given = Object.entries(address ?? {}).filter(([, text]) => text !== null)
  return { ...EMPTY, ...Object.fromEntries(given) }
}

/** What is sent: trimmed, without what is empty. */
export function addressOf(form: AddressForm): Address {
  const typed = Object.entries(form).map(([field, text]) => [field, text.trim()] as const)
  return Object.fromEntries(typed.filter(([, text]) => text !== '')) as unknown as Address
}

const NEEDED = ['name', 'street', 'city', 'country'] as const

/** The fields that lack something, with the text that says what. */
export function missingIn(form: AddressForm): Partial<Record<keyof Address, Text>> {
  const missing: Partial<Record<keyof Address, Text>> = {}
  for (const field of NEEDED) if (form[field].trim() === '') missing[field] = `address.missing.${field}`
  if (needsPostalCode(form.country) && form.zipCode.trim() === '') missing.zipCode = 'address.missing.zipCode'
  return missing
}

export const needsPostalCode = (country: string) => !WITHOUT_POSTAL_CODES.has(country)

const same = (one: Address, other: Address) => JSON.stringify(addressOf(formOf(one))) === JSON.stringify(addressOf(formOf(other)))

/** A customer's addresses, on this device: the API keeps none. The first is the one that is offered. */
export class AddressBook {
  private readonly kept: Kept
  private readonly name: string

  constructor(kept: Kept, sub: string) {
    this.kept = kept
    this.name = `orderproc.addresses.${sub}`
  }

  all(): Address[] {
    try {
      const read = JSON.parse(this.kept.getItem(this.name) ?? '[]') as unknown
      return Array.isArray(read) ? (read as Address[]).filter((address) => typeof address?.street === 'string') : []
    } catch {
      return []
    }
  }

  /** Puts it first; the same one is not kept twice. */
  add(address: Address): Address[] {
    return this.write([address, ...this.all().filter((other) => !same(other, address))].slice(0, 10))
  }

  replace(place: number, address: Address): Address[] {
    return this.write(this.all().map((other, n) => (n === place ? address : other)))
  }

  remove(place: number): Address[] {
    return this.write(this.all().filter((_, n) => n !== place))
  }

  private write(addresses: Address[]): Address[] {
    if (addresses.length > 0) this.kept.setItem(this.name, JSON.stringify(addresses))
    else this.kept.removeItem(this.name)
    return addresses
  }
}
