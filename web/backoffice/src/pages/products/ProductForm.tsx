import { Button, Stack, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { byField, decimal, useFocusOnWrong } from '@orderproc/shared'

import type { Product, ProductRequest } from '../../api'
import { useTexts } from '../../office'
import { Failed } from '../../parts/states'
import classes from './Products.module.css'

interface Props {
  product: Product | null
  busy: boolean
  error: unknown
  onSave: (body: ProductRequest) => void
}

/** Name, price and description; the API judges them, and what it finds wrong is said at its field. */
export function ProductForm({ product, busy, error, onSave }: Props) {
  const t = useTexts()
  const [name, setName] = useState(product?.name ?? '')
  const [price, setPrice] = useState(product ? decimal(product.price) : '')
  const [currency, setCurrency] = useState(product?.currency ?? 'EUR')
  const [description, setDescription] = useState(product?.description ?? '')
  const wrong = byField(error)
  const form = useFocusOnWrong(error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onSave({ name: name.trim(), price: Number(price), currency, description: description.trim() })
  }
  return (
    <form ref={form} onSubmit={submit}>
      <Stack gap="md">
        <TextInput label={t('product.name')} required withAsterisk={false} maxLength={200} value={name} error={wrong['name']} onChange={(event) => setName(event.currentTarget.value)} />
        <div className={classes.row}>
          <TextInput label={t('items.price')} type="number" min={0} step="any" required withAsterisk={false} value={price} error={wrong['price']} onChange={(event) => setPrice(event.currentTarget.value)} />
          <TextInput label={t('product.currency')} required withAsterisk={false} pattern="[A-Z]{3}" maxLength={3} value={currency} error={wrong['currency']} onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())} />
        </div>
        <Textarea label={t('product.description')} classNames={{ input: classes.text }} rows={4} maxLength={2000} value={description} error={wrong['description']} onChange={(event) => setDescription(event.currentTarget.value)} />
        {error ? <Failed error={error} /> : null}
        <Button type="submit" loading={busy}>
          {t('product.save')}
        </Button>
      </Stack>
    </form>
  )
}
