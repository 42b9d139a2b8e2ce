import { NativeSelect, TextInput } from '@mantine/core'
import { useMemo } from 'react'

import { useLanguage } from '@orderproc/shared'

import type { Address, ShownAddress } from '../api'
import { useTexts } from '../shop'
import { needsPostalCode, type AddressForm } from './address'
import classes from './AddressFields.module.css'
import { COUNTRIES } from './countries'

interface Props {
  value: AddressForm
  onChange: (value: AddressForm) => void
  errors: Partial<Record<keyof Address, string>>
}

const AUTOCOMPLETE: Record<keyof Address, string> = {
  name: 'shipping name',
  company: 'shipping organization',
  street: 'shipping address-line1',
  street2: 'shipping address-line2',
  city: 'shipping address-level2',
  state: 'shipping address-level1',
  zipCode: 'shipping postal-code',
  country: 'shipping country',
}

export function AddressFields({ value, onChange, errors }: Props) {
  const t = useTexts()
  const { locale } = useLanguage()
  const countries = useMemo(() => named(locale), [locale])
  const field = (name: keyof Address, maxLength: number, required: boolean) => ({
    label: t(`address.${name}`),
    autoComplete: AUTOCOMPLETE[name],
    value: value[name],
    error: errors[name],
    maxLength,
    required,
    withAsterisk: false,
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...value, [name]: event.currentTarget.value }),
  })
  const { maxLength: _, ...country } = field('country', 2, true)
  return (
    <div className={classes.fields}>
      <div className={classes.wide}>
        <TextInput {...field('name', 100, true)} />
      </div>
      <div className={classes.wide}>
        <TextInput {...field('company', 100, false)} />
      </div>
      <div className={classes.wide}>
        <TextInput {...field('street', 200, true)} />
      </div>
      <div className={classes.wide}>
        <TextInput {...field('street2', 200, false)} />
      </div>
      <TextInput {...field('zipCode', 20, needsPostalCode(value.country))} />
      <TextInput {...field('city', 100, true)} />
      <TextInput {...field('state', 100, false)} />
      <NativeSelect {...country} data={[{ value: '', label: t('address.choose') }, ...countries]} />
    </div>
  )
}

function named(locale: string) {
  const names = new Intl.DisplayNames(locale, { type: 'region' })
  const order = new Intl.Collator(locale)
  return COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((one, other) => order.compare(one.label, other.label))
}

/** On lines, as on a shipping label. */
export function AddressLines({ address }: { address: ShownAddress }) {
  const { locale } = useLanguage()
  const country = countryName(address.country ?? '', locale)
  const place = [address.zipCode, address.city].filter(Boolean).join(' ')
  const lines = [address.name, address.company, address.street, address.street2, place, address.state, country]
  return (
    <address className={classes.lines}>
      {lines.filter(Boolean).map((line, n) => (
        <span key={n}>{line}</span>
      ))}
    </address>
  )
}

/** Old orders have countries that are no ISO code: they stay as they are. */
function countryName(country: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country
  } catch {
    return country
  }
}
