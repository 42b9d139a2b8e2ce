import { Button, CloseButton, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

import { SearchIcon } from '@orderproc/shared/parts/icons'

import { Page } from '../../parts/Page'
import { Empty, Failed } from '../../parts/states'
import { useTexts } from '../../shop'
import classes from './Catalogue.module.css'
import { GhostCards, ProductCard } from './ProductCard'
import { useCatalogue } from './useCatalogue'

export default function Catalogue() {
  const { q = '' } = useSearch({ from: '/' })
  const catalogue = useCatalogue(q.trim())
  const { products, isPending, isSearching, error, more } = catalogue
  const t = useTexts()
  const nothing = !isPending && !isSearching && !error && products.length === 0
  return (
    <Page title={t('catalogue.title')} aside={<SearchBox />}>
      <div>
        <p className={classes.found} role="status">
          {q && !isPending && !isSearching && !error
            ? t(more ? 'catalogue.foundMore' : 'catalogue.found', { count: products.length, query: q.trim() })
            : null}
        </p>
        {products.length > 0 && (
          <ul className={classes.grid}>
            {products.map((product, n) => (
              <ProductCard key={product.productId} product={product} eager={n < 4} />
            ))}
          </ul>
        )}
        {isPending && <GhostCards />}
      </div>
      {error && <Failed error={error} retry={catalogue.refetch} />}
      {nothing && q && <NothingFound />}
      {nothing && !q && <Empty title={t('catalogue.empty.title')} text={t('catalogue.empty.text')} />}
      {more && !isPending && !error && products.length > 0 && (
        <Button variant="default" className={classes.more} loading={catalogue.isFetchingMore} onClick={more}>
          {t('catalogue.more')}
        </Button>
      )}
    </Page>
  )
}

function NothingFound() {
  const navigate = useNavigate()
  const t = useTexts()
  return (
    <Empty title={t('catalogue.nothing.title')} text={t('catalogue.nothing.text')}>
      <Button variant="default" onClick={() => void navigate({ to: '/', search: {} })}>
        {t('catalogue.nothing.all')}
      </Button>
    </Empty>
  )
}

/** Searches a moment after the last key; the address keeps what is searched for. */
function SearchBox() {
  const { q = '' } = useSearch({ from: '/' })
  const navigate = useNavigate({ from: '/' })
  const t = useTexts()
  const [typed, setTyped] = useState(q)
  useEffect(() => setTyped(q), [q])
  useEffect(() => {
    if (typed === q) return
    const timer = setTimeout(() => void navigate({ search: typed ? { q: typed } : {}, replace: true }), 250)
    return () => clearTimeout(timer)
  }, [typed, q, navigate])
  return (
    <search className={classes.search}>
      <TextInput
        type="search"
        aria-label={t('catalogue.search')}
        placeholder={t('catalogue.search')}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.currentTarget.value)}
        leftSection={<SearchIcon size={18} />}
        rightSection={typed ? <CloseButton size="sm" aria-label={t('catalogue.clear')} onClick={() => setTyped('')} /> : null}
      />
    </search>
  )
}
