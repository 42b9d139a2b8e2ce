import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { Import } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import table from '../../parts/table.module.css'
import { useMay } from '../../parts/useMay'
import classes from './Imports.module.css'
import { ImportBadge } from './ImportBadge'

const KEY = ['imports']
/** Milliseconds between two looks: at what runs, and otherwise. */
const RUNNING = 2_000
const QUIET = 30_000

/** Upload a file, and see what became of those before. */
export default function Imports() {
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const [awaited, setAwaited] = useState<string | null>(null)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) => api.imports(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data: seen } }) => {
      const found = seen?.pages.flatMap((page) => page.imports) ?? []
      const isComing = awaited !== null && !found.some(({ file }) => file === awaited)
      return isComing || found.some(({ status }) => status === 'RUNNING') ? RUNNING : QUIET
    },
  })
  const imports = data?.pages.flatMap((page) => page.imports) ?? []
  return (
    <Page title={t('nav.imports')}>
      {may('settings') && <Upload onUploaded={setAwaited} />}
      {awaited !== null && !imports.some(({ file }) => file === awaited) && <Note kind="info">{t('imports.awaited')}</Note>}
      {isPending && <Loading />}
      {imports.length > 0 && <List imports={imports} />}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && imports.length === 0 && <Empty title={t('imports.empty.title')} text={t('imports.empty.text')} />}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('imports.more')}
        </Button>
      )}
    </Page>
  )
}

function Upload({ onUploaded }: { onUploaded: (file: string) => void }) {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const [kind, setKind] = useState<Import['kind']>('orders')
  const input = useRef<HTMLInputElement>(null)
  const upload = useMutation({
    mutationFn: (file: File) => api.uploadImport(kind, file),
    onSuccess: (file) => {
      if (input.current) input.current.value = ''
      onUploaded(file)
      void client.invalidateQueries({ queryKey: KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const file = input.current?.files?.[0]
    if (file && !upload.isPending) upload.mutate(file)
  }
  return (
    <Panel title={t('imports.upload')}>
      <form className={classes.upload} onSubmit={submit}>
        <NativeSelect
          label={t('imports.kind')}
          value={kind}
          data={[
            { value: 'orders', label: t('imports.orders') },
            { value: 'products', label: t('imports.products') },
          ]}
          onChange={(event) => setKind(event.currentTarget.value === 'products' ? 'products' : 'orders')}
        />
        <label className={classes.file}>
          {t('imports.file')}
          <input ref={input} type="file" accept=".csv,.json,.jsonl,.ndjson" required />
        </label>
        <Button type="submit" loading={upload.isPending}>
          {t('imports.submit')}
        </Button>
      </form>
      <p className={classes.hint}>{t('imports.hint')}</p>
      {upload.error && <Failed error={upload.error} />}
    </Panel>
  )
}

function List({ imports }: { imports: readonly Import[] }) {
  const t = useTexts()
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('imports.file')}</th>
            <th scope="col">{t('imports.uploaded')}</th>
            <th scope="col">{t('order.status')}</th>
            <th scope="col" className={table.right}>
              {t('imports.rows')}
            </th>
            <th scope="col" className={table.right}>
              {t('outcome.accepted')}
            </th>
            <th scope="col" className={table.right}>
              {t('outcome.rejected')}
            </th>
          </tr>
        </thead>
        <tbody>
          {imports.map((one) => (
            <tr key={one.importId}>
              <td data-label={t('imports.file')}>
                <span>
                  <Link to="/imports/$importId" params={{ importId: one.importId }} className={table.link}>
                    {one.file.split('/').at(-1)}
                  </Link>
                  <small>{t(`imports.${one.kind}`)}</small>
                </span>
              </td>
              <td data-label={t('imports.uploaded')}>
                <Time at={one.uploadedAt} />
              </td>
              <td data-label={t('order.status')}>
                <ImportBadge status={one.status} />
              </td>
              <td data-label={t('imports.rows')} className={`${table.right} number`}>
                {one.rows}
              </td>
              <td data-label={t('outcome.accepted')} className={`${table.right} number`}>
                {one.counts.accepted}
              </td>
              <td data-label={t('outcome.rejected')} className={`${table.right} number`}>
                {one.counts.rejected}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
