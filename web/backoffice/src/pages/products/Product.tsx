import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import { Problem } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Money } from '@orderproc/shared/parts/Money'

import type { Product as Stored } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Columns, Facts, Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { useMay } from '../../parts/useMay'
import { ProductForm } from './ProductForm'
import classes from './Products.module.css'

const productKey = (productId: string) => ['product', productId]

export default function Product() {
  const { productId } = useParams({ from: '/products/$productId' })
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const { data, error, refetch } = useQuery({ queryKey: productKey(productId), queryFn: ({ signal }) => api.product(productId, signal) })
  if (!data) {
    return (
      <Page title={t('items.product')}>
        {error instanceof Problem && error.status === 404 ? (
          <Empty title={t('product.unknown.title')} text={t('product.unknown.text')}>
            <ButtonTo to="/products">{t('nav.products')}</ButtonTo>
          </Empty>
        ) : error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </Page>
    )
  }
  return (
    <Page title={data.name} aside={<Text c="dimmed">{productId}</Text>}>
      {data.withdrawn && <Note kind="warning">{t('product.withdrawn')}</Note>}
      <Columns
        side={
          <>
            <Stock product={data} />
            <Picture product={data} />
            {may('prices') && !data.withdrawn && <Withdraw product={data} />}
          </>
        }
      >
        <Panel title={t('order.details')}>
          {may('prices') ? <Edit product={data} /> : <Shown product={data} />}
        </Panel>
      </Columns>
    </Page>
  )
}

/** What was stored is what is shown from then on, here and in the lists. */
function useStored(productId: string) {
  const client = useQueryClient()
  return (stored: Stored) => {
    client.setQueryData(productKey(productId), stored)
    void client.invalidateQueries({ queryKey: ['products'] })
  }
}

/** For those who may not change it. */
function Shown({ product }: { product: Stored }) {
  const t = useTexts()
  const { price, currency, description } = product
  return (
    <Facts
      facts={[
        [t('items.price'), <Money key="price" amount={price} currency={currency} />],
        [t('product.description'), description],
      ]}
    />
  )
}

function Edit({ product }: { product: Stored }) {
  const api = useApi()
  const t = useTexts()
  const stored = useStored(product.productId)
  const save = useMutation({ mutationFn: (body: Parameters<typeof api.putProduct>[1]) => api.putProduct(product.productId, body), onSuccess: stored })
  return (
    <>
      <ProductForm product={product} busy={save.isPending} error={save.error} onSave={save.mutate} />
      {save.isSuccess && <Note kind="good">{t('product.saved')}</Note>}
    </>
  )
}

function Withdraw({ product }: { product: Stored }) {
  const api = useApi()
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  const stored = useStored(product.productId)
  const withdraw = useMutation({
    mutationFn: () => api.withdraw(product.productId),
    onSuccess: (withdrawn) => {
      stored(withdrawn)
      setAsking(false)
    },
  })
  return (
    <>
      <Button variant="light" color="red" onClick={() => setAsking(true)}>
        {t('withdraw.button')}
      </Button>
      {asking && (
        <Dialog title={t('withdraw.title')} text={t('withdraw.text')} yes={t('withdraw.button')} dangerous busy={withdraw.isPending} error={withdraw.error} onYes={() => withdraw.mutate()} onNo={() => setAsking(false)} />
      )}
    </>
  )
}

function Stock({ product }: { product: Stored }) {
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const { productId, stock } = product
  const stored = useStored(productId)
  const [delta, setDelta] = useState('')
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: () => api.changeStock(productId, Number(delta), reason.trim()),
    onSuccess: ({ stock: now }) => {
      stored({ ...product, stock: now })
      setDelta('')
      setReason('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!change.isPending) change.mutate()
  }
  const by = Number(delta)
  return (
    <Panel title={t('products.stock')}>
      <Text>{t('stock.now', { count: stock })}</Text>
      {may('stock') && (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput label={t('stock.delta')} description={t('stock.delta.hint')} type="number" step={1} required withAsterisk={false} value={delta} onChange={(event) => setDelta(event.currentTarget.value)} />
            <TextInput label={t('stock.reason')} required withAsterisk={false} maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
            {change.error && <Failed error={change.error} />}
            <Button type="submit" variant="light" loading={change.isPending}>
              {by ? t('stock.submitTo', { count: stock + by }) : t('stock.submit')}
            </Button>
          </Stack>
        </form>
      )}
    </Panel>
  )
}

function Picture({ product }: { product: Stored }) {
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const { productId, imageUrl } = product
  const stored = useStored(productId)
  const input = useRef<HTMLInputElement>(null)
  const set = useMutation({ mutationFn: (file: File) => api.setPicture(productId, file), onSuccess: stored })
  const remove = useMutation({ mutationFn: () => api.removePicture(productId), onSuccess: stored })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const file = input.current?.files?.[0]
    if (file && !set.isPending) set.mutate(file)
  }
  const error = set.error ?? remove.error
  return (
    <Panel title={t('picture.title')}>
      {imageUrl ? <img src={imageUrl} alt={t('picture.of', { of: product.name })} className={classes.picture} /> : <Text c="dimmed">{t('picture.none')}</Text>}
      {may('prices') && (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <label className={classes.file}>
              {t('picture.file')}
              <input ref={input} type="file" accept="image/png,image/jpeg,image/webp" required />
            </label>
            {error && <Failed error={error} />}
            <Button type="submit" variant="light" loading={set.isPending}>
              {t('picture.submit')}
            </Button>
            {imageUrl && (
              <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
                {t('picture.remove')}
              </Button>
            )}
          </Stack>
        </form>
      )}
    </Panel>
  )
}
