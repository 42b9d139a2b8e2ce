import type { Kept } from '@orderproc/shared'

const KEY = 'orderproc.guest-orders'

/** The tokens of the orders that a guest placed in this tab; they end with it, and never stand in an address. */
export class GuestTokens {
  private readonly kept: Kept

  constructor(kept: Kept) {
    this.kept = kept
  }

  of(orderId: string): string | undefined {
    return this.all()[orderId]
  }

  keep(orderId: string, token: string): void {
    this.kept.setItem(KEY, JSON.stringify({ ...this.all(), [orderId]: token }))
  }

  forget(orderId: string): void {
    const { [orderId]: _, ...others } = this.all()
    this.kept.setItem(KEY, JSON.stringify(others))
  }

  private all(): Record<string, string> {
    try {
      return JSON.parse(this.kept.getItem(KEY) ?? '{}') as Record<string, string>
    } catch {
      return {}
    }
  }
}
