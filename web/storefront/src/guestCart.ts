import type { Kept } from '@orderproc/shared'

export interface GuestLine {
  productId: string
  quantity: number
}

/** As many of one product as the API's cart takes. */
export const MOST = 99

/** The lines with this many of the product, at its old place or at the end; none of it for 0. */
export function put(lines: readonly GuestLine[], productId: string, quantity: number): GuestLine[] {
  if (quantity < 1) return lines.filter((line) => line.productId !== productId)
  const line = { productId, quantity: Math.min(quantity, MOST) }
  return lines.some((other) => other.productId === productId)
    ? lines.map((other) => (other.productId === productId ? line : other))
    : [...lines, line]
}

/** What the customer's cart shall hold once the guest's is merged into it: the sum of both, for what the guest had. */
export function merged(guest: readonly GuestLine[], customer: readonly GuestLine[]): GuestLine[] {
  const had = new Map(customer.map((line) => [line.productId, line.quantity]))
  return guest.map(({ productId, quantity }) => ({
    productId,
    quantity: Math.min(quantity + (had.get(productId) ?? 0), MOST),
  }))
}

/** Reads what a browser kept; what is no line is left out. */
export function linesFrom(text: string | null): GuestLine[] {
  let read: unknown
  try {
    read = JSON.parse(text ?? '[]')
  } catch {
    return []
  }
  const lines = Array.isArray(read) ? (read as Partial<GuestLine>[]) : []
  return lines.reduce<GuestLine[]>((found, line) => {
    const { productId, quantity } = line ?? {}
    return typeof productId === 'string' && Number.isInteger(quantity) ? put(found, productId, Number(quantity)) : found
  }, [])
}

interface Merge {
  sub: string
  targets: GuestLine[]
}

export const CART = 'orderproc.cart'
const MERGE = 'orderproc.cart.merge'

/** The cart of someone who has not signed in; kept in the browser, and the same in all its tabs. */
export class GuestCart {
  private readonly kept: Kept
  private readonly listeners = new Set<() => void>()
  private text: string | null = null
  private lines: GuestLine[] = []

  constructor(kept: Kept) {
    this.kept = kept
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The same array until something changes. */
  read = (): GuestLine[] => {
    const text = this.kept.getItem(CART)
    if (text !== this.text) [this.text, this.lines] = [text, linesFrom(text)]
    return this.lines
  }

  set(productId: string, quantity: number): void {
    this.write(put(this.read(), productId, quantity))
  }

  clear(): void {
    this.kept.removeItem(MERGE)
    this.write([])
  }

  /** What is to be set in the cart of this customer, who had `customer` in it. Asked again after an interruption the
   *  answer is the same, so that nothing is added twice. */
  merge(sub: string, customer: readonly GuestLine[]): GuestLine[] {
    const begun = this.begun()
    if (begun?.sub === sub) return begun.targets
    const targets = merged(this.read(), customer)
    this.kept.setItem(MERGE, JSON.stringify({ sub, targets } satisfies Merge))
    return targets
  }

  /** Another tab changed it. */
  changed = (): void => {
    for (const listener of this.listeners) listener()
  }

  private begun(): Merge | null {
    try {
      return JSON.parse(this.kept.getItem(MERGE) ?? 'null') as Merge | null
    } catch {
      return null
    }
  }

  private write(lines: GuestLine[]): void {
    if (lines.length > 0) this.kept.setItem(CART, JSON.stringify(lines))
    else this.kept.removeItem(CART)
    this.changed()
  }
}
