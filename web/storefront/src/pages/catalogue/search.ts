import type { Product } from '../../api'

/** Without accents and case: `cafe` finds `Café`. */
const plain = (text: string) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()

/** The products in which every word stands, in the name, the description or the id. */
export function matching(products: readonly Product[], query: string): Product[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  return products.filter(({ name, description, productId }) => {
    const text = plain(`${name} ${description} ${productId}`)
    return words.every((word) => text.includes(word))
  })
}
