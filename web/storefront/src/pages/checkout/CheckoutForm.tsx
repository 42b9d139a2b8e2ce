import { Button, Checkbox, NativeSelect, Text, Textarea, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'

import { byField, isEmail, Problem, useFocusOnWrong, useLanguage } from '@orderproc/shared'
import { LinkTo } from '@orderproc/shared/parts/LinkTo'

import type { Address } from '../../api'
import { AddressBook, addressOf, EMPTY, formOf, missingIn, type AddressForm } from '../../parts/address'
import { AddressFields } from '../../parts/AddressFields'
import { Columns, Panel } from '../../parts/Page'
import { Note } from '../../parts/states'
import type { ShownCart } from '../../parts/useCart'
import type { usePlaceOrder } from '../../parts/usePlaceOrder'
import { usePerson, useShop, useTexts } from '../../shop'
import type { Sent } from './Checkout'
import classes from './Checkout.module.css'
import { PAYMENT_METHODS } from './paymentMethods'
import { Refused } from './Refused'
import { Summary } from './Summary'

interface Draft {
  email: string
  address: AddressForm
  note: string
  paymentMethod: string
  remember: boolean
}

const DRAFT = 'orderproc.checkout'

export function CheckoutForm({ cart, order }: { cart: ShownCart; order: ReturnType<typeof usePlaceOrder<Sent>> }) {
  const { config, device } = useShop()
  const person = usePerson()
  const { locale } = useLanguage()
  const t = useTexts()
  const [book] = useState(() => (person ? new AddressBook(device, person.sub) : null))
  const saved = book?.all() ?? []
  const [draft, setDraft] = useDraft(saved[0])
  const [refused, setRefused] = useState(0)
  const form = useFocusOnWrong(order.error ?? refused)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })

  const wrongEmail = person === null && !isEmail(draft.email)
  const missing = missingIn(draft.address)
  const said = byField(order.error)
  const errors: Partial<Record<keyof Address, string>> = {}
  for (const field of Object.keys(draft.address) as (keyof Address)[]) {
    const lacks = refused ? missing[field] : undefined
    const found = lacks ? t(lacks) : said[`shippingAddress.${field}`]
    if (found) errors[field] = found
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrongEmail || Object.keys(missing).length > 0) return setRefused((n) => n + 1)
    const shippingAddress = addressOf(draft.address)
    if (draft.remember) book?.add(shippingAddress)
    const note = draft.note.trim()
    order.place({
      sub: person?.sub ?? null,
      body: {
        ...(person ? {} : { items: cart.lines.map(({ productId, quantity }) => ({ productId, quantity })), customerEmail: draft.email.trim() }),
        total: Number(cart.total),
        currency: cart.currency,
        ...(config.payments === 'simulated' ? { paymentMethod: draft.paymentMethod } : {}),
        shippingAddress,
        ...(note ? { note } : {}),
        locale,
      },
    })
  }

  const blocked = cart.lines.some(({ problem }) => problem !== null && problem !== 'SHORT')
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Columns
        side={
          <Panel title={t('checkout.summary')}>
            <Summary cart={cart} />
            {blocked && <Note kind="warning">{t('cart.blocked')}</Note>}
            {order.error && <Refused error={order.error} />}
            <Button type="submit" size="md" loading={order.isPending} disabled={blocked || (person === null && !config.publishableKey)}>
              {t('checkout.place')}
            </Button>
            {order.error instanceof Problem && order.error.code === 'TOTAL_MISMATCH' && (
              <Button variant="default" onClick={cart.refetch}>
                {t('checkout.refresh')}
              </Button>
            )}
            <Text size="xs" c="dimmed">
              {t('checkout.once')}
            </Text>
          </Panel>
        }
      >
        <Panel title={t('checkout.contact')}>
          {person ? (
            <Text>{t('checkout.as', { email: person.email })}</Text>
          ) : (
            <>
              <TextInput label={t('field.email')} description={t('checkout.email.why')} type="email" autoComplete="email" required withAsterisk={false} maxLength={254} value={draft.email} error={refused && wrongEmail ? t('field.email.wrong') : said['customerEmail']} onChange={(event) => set({ email: event.currentTarget.value })} />
              <Text size="sm">
                {t('checkout.have')}{' '}
                <LinkTo to="/sign-in" search={{ next: '/checkout' }}>
                  {t('signIn.title')}
                </LinkTo>
              </Text>
            </>
          )}
        </Panel>
        <Panel title={t('checkout.address')}>
          {saved.length > 0 && (
            <NativeSelect
              label={t('checkout.saved')}
              data={[{ value: '', label: t('checkout.saved.choose') }, ...saved.map((address, n) => ({ value: String(n), label: [address.name, address.street, address.city].filter(Boolean).join(', ') }))]}
              value=""
              onChange={(event) => set({ address: formOf(saved[Number(event.currentTarget.value || -1)] ?? draft.address) })}
            />
          )}
          <AddressFields value={draft.address} onChange={(address) => set({ address })} errors={errors} />
          {book && <Checkbox label={t('checkout.remember')} checked={draft.remember} onChange={(event) => set({ remember: event.currentTarget.checked })} />}
        </Panel>
        <Panel title={t('checkout.more')}>
          {config.payments === 'simulated' && (
            <NativeSelect label={t('checkout.payment')} description={t('checkout.payment.why')} value={draft.paymentMethod} error={said['paymentMethod']} data={PAYMENT_METHODS.map(({ value, text }) => ({ value, label: t(text) }))} onChange={(event) => set({ paymentMethod: event.currentTarget.value })} />
          )}
          <Textarea label={t('checkout.note')} classNames={{ input: classes.note }} rows={3} maxLength={500} value={draft.note} error={said['note']} onChange={(event) => set({ note: event.currentTarget.value })} />
        </Panel>
      </Columns>
    </form>
  )
}

/** What was typed survives a reload and the way back; it ends with the tab, or with the order. */
function useDraft(first: Address | undefined) {
  const { tab } = useShop()
  const [draft, setDraft] = useState<Draft>(() => {
    const start = { email: '', address: formOf(first), note: '', paymentMethod: PAYMENT_METHODS[0].value, remember: false }
    try {
      const kept = JSON.parse(tab.getItem(DRAFT) ?? '{}') as Partial<Draft>
      const typed = kept.address && Object.values(kept.address).some(Boolean) ? { ...EMPTY, ...kept.address } : start.address
      return { ...start, ...kept, address: typed }
    } catch {
      return start
    }
  })
  useEffect(() => tab.setItem(DRAFT, JSON.stringify(draft)), [draft, tab])
  return [draft, setDraft] as const
}
