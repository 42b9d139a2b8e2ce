import { Button, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Money } from '@orderproc/shared/parts/Money'

import type { Product } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page } from '../../parts/Page'
import { Empty, Failed, Loading } from '../../parts/states'
import table from '../../parts/table.module.css'
import { useMay } from '../../parts/useMay'
import { useRowKeys } from '../../parts/useRowKeys'
import classes from './Products.module.css'

export default function Products() {
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const { q } = useSearch({ from: '/products' })
  const list = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useRowKeys(list, search)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['products', q ?? ''],
    queryFn: ({ pageParam, signal }) => api.products(q ?? '', pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  const products = data?.pages.flatMap((page) => page.products) ?? []
  return (
    <Page title={t('nav.products')} aside={may('prices') && <ButtonTo to="/new-product">{t('products.new')}</ButtonTo>}>
      <Search key={q ?? ''} input={search} />
      {isPending && <Loading rows={6} />}
      {products.length > 0 && <List products={products} list={list} />}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && products.length === 0 && <Empty title={t('products.empty.title')} text={t(q ? 'products.empty.search' : 'products.empty.text')} />}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('products.more')}
        </Button>
      )}
    </Page>
  )
}

function Search({ input }: { input: React.RefObject<HTMLInputElement | null> }) {
  const t = useTexts()
  const navigate = useNavigate()
  const { q } = useSearch({ from: '/products' })
  const [typed, setTyped] = useState(q ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void navigate({ to: '/products', search: { q: typed.trim() || undefined } })
  }
  return (
    <form role="search" className={classes.search} onSubmit={submit}>
      <TextInput ref={input} type="search" label={t('products.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <Button type="submit" variant="default">
        {t('products.find')}
      </Button>
    </form>
  )
}

function List({ products, list }: { products: readonly Product[]; list: React.RefObject<HTMLDivElement | null> }) {
  const t = useTexts()
  return (
    <div className={table.frame} ref={list}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('items.product')}</th>
            <th scope="col" className={table.right}>
              {t('items.price')}
            </th>
            <th scope="col" className={table.right}>
              {t('products.stock')}
            </th>
          </tr>
        </thead>
        <tbody>
          {products.map(({ productId, name, price, currency, stock, imageUrl }) => (
            <tr key={productId}>
              <td data-label={t('items.product')}>
                <span className={classes.product}>
                  {imageUrl ? <img src={imageUrl} alt="" className={classes.thumb} loading="lazy" /> : <span className={classes.thumb} />}
                  <span>
                    <Link to="/products/$productId" params={{ productId }} className={table.link} data-row>
                      {name}
                    </Link>
                    <small>{productId}</small>
                  </span>
                </span>
              </td>
              <td data-label={t('items.price')} className={table.right}>
                <Money amount={price} currency={currency} />
              </td>
              <td data-label={t('products.stock')} className={`${table.right} number`}>
                {stock}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
