import { Button, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { Customer } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page } from '../../parts/Page'
import { Empty, Failed, Loading } from '../../parts/states'
import table from '../../parts/table.module.css'
import { useRowKeys } from '../../parts/useRowKeys'
import classes from './Customers.module.css'

export default function Customers() {
  const api = useApi()
  const t = useTexts()
  const { q = '' } = useSearch({ from: '/customers' })
  const list = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useRowKeys(list, search)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['customers', q],
    queryFn: ({ pageParam, signal }) => api.customers(q, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  const customers = data?.pages.flatMap((page) => page.customers) ?? []
  return (
    <Page title={t('nav.customers')}>
      <Search key={q} input={search} />
      {isPending && <Loading rows={6} />}
      {customers.length > 0 && <List customers={customers} list={list} />}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && customers.length === 0 && !hasNextPage && <Empty title={t('customers.empty.title')} text={t(q ? 'customers.nothing' : 'customers.empty.text')} />}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('customers.more')}
        </Button>
      )}
    </Page>
  )
}

function Search({ input }: { input: React.RefObject<HTMLInputElement | null> }) {
  const t = useTexts()
  const navigate = useNavigate()
  const { q = '' } = useSearch({ from: '/customers' })
  const [typed, setTyped] = useState(q)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void navigate({ to: '/customers', search: { q: typed.trim() || undefined } })
  }
  return (
    <form role="search" className={classes.search} onSubmit={submit}>
      <TextInput ref={input} type="search" label={t('customers.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <Button type="submit" variant="default">
        {t('products.find')}
      </Button>
    </form>
  )
}

function List({ customers, list }: { customers: readonly Customer[]; list: React.RefObject<HTMLDivElement | null> }) {
  const t = useTexts()
  return (
    <div className={table.frame} ref={list}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('order.customer')}</th>
            <th scope="col">{t('order.phone')}</th>
            <th scope="col">{t('customers.last')}</th>
          </tr>
        </thead>
        <tbody>
          {customers.map(({ id, email, customerId, name, phoneNumber, lastOrderAt }) => (
            <tr key={id}>
              <td data-label={t('order.customer')}>
                <span>
                  <Link to="/customers/$customerId" params={{ customerId: id }} className={table.link} data-row>
                    {name || email || customerId}
                  </Link>
                  <small>{email || customerId}</small>
                </span>
              </td>
              <td data-label={t('order.phone')}>{phoneNumber}</td>
              <td data-label={t('customers.last')}>
                <Time at={lastOrderAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
