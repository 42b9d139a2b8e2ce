// Paths of the API that are asked for twice over: by boot.ts, before the shop is loaded, and by the shop.

export function productsPath(q = '', cursor: string | null = null): string {
  return `/products?${new URLSearchParams({ limit: '24', ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) })}`
}

export const productPath = (productId: string) => `/products/${encodeURIComponent(productId)}`
