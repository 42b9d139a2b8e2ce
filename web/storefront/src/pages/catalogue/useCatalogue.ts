import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import type { Api } from '../../api'
import { productKey } from '../../parts/useCart'
import { useApi } from '../../shop'

/** All pages so far. Without words it is what the catalogue shows first. */
export const catalogueQuery = (api: Api, words = '') =>
  infiniteQueryOptions({
    queryKey: ['products', words],
    queryFn: ({ pageParam, signal }) => api.products(words, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

/** The catalogue page by page, or what of it the API finds. While it searches, what was there stays. */
export function useCatalogue(words: string) {
  const api = useApi()
  const client = useQueryClient()
  const { data, error, isPending, isPlaceholderData, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    ...catalogueQuery(api, words),
    placeholderData: keepPreviousData,
  })
  const products = (data?.pages ?? []).flatMap((page) => page.products)

  // A product's own page shows at once what the list knows.
  useEffect(() => {
    for (const product of products) client.setQueryData(productKey(product.productId), (known) => known ?? product)
  }, [client, data]) // eslint-disable-line react-hooks/exhaustive-deps -- `products` is made of `data`

  return {
    products,
    isPending,
    isSearching: isPlaceholderData,
    error,
    more: hasNextPage ? () => void fetchNextPage() : null,
    isFetchingMore: isFetchingNextPage,
    refetch: () => void (data && !isPlaceholderData ? fetchNextPage() : refetch()),
  }
}
