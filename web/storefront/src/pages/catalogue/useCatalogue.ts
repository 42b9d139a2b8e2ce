import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import type { Api } from '../../api'
import { productKey } from '../../parts/useCart'
import { useApi } from '../../shop'
import { matching } from './search'

const PAGE = 24
/** The API does not search: while searching, pages are as long as it allows, and so many are looked through at once. */
const SEARCH_PAGE = 100
const SEARCH_PAGES = 10

/** All pages so far. Without a limit it is what the catalogue shows first. */
export const catalogueQuery = (api: Api, limit = PAGE) =>
  infiniteQueryOptions({
    queryKey: ['products', limit],
    queryFn: ({ pageParam, signal }) => api.products(limit, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

/** The catalogue page by page, or what of it matches. */
export function useCatalogue(query: string) {
  const api = useApi()
  const client = useQueryClient()
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    catalogueQuery(api, query ? SEARCH_PAGE : PAGE),
  )
  const pages = data?.pages ?? []
  const loaded = pages.flatMap((page) => page.products)
  const shown = query ? matching(loaded, query) : loaded

  // A product's own page shows at once what the list knows.
  useEffect(() => {
    for (const product of loaded) client.setQueryData(productKey(product.productId), (known) => known ?? product)
  }, [client, data]) // eslint-disable-line react-hooks/exhaustive-deps -- `loaded` is made of `data`

  const searching = Boolean(query) && hasNextPage && shown.length < PAGE && pages.length % SEARCH_PAGES !== 0
  useEffect(() => {
    if (searching && !isFetchingNextPage && !error) void fetchNextPage()
  }, [searching, isFetchingNextPage, error, fetchNextPage])

  return {
    products: shown,
    looked: loaded.length,
    isPending: isPending || searching,
    error,
    more: hasNextPage ? () => void fetchNextPage() : null,
    isFetchingMore: isFetchingNextPage,
    refetch: () => void (data ? fetchNextPage() : refetch()),
  }
}
