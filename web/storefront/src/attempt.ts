import type { Kept } from '@orderproc/shared'

/** An order that was sent. As long as no answer came, it may or may not have been accepted. */
export interface Attempt<Body> {
  key: string
  body: Body
}

/** 128 random bits. `crypto.randomUUID` is missing where the local cloud's site is opened by plain HTTP and a host name. */
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Keeps the order being placed through reloads, so that however often it is sent, one order comes of it: the same body
 *  goes with the same Idempotency-Key until the API has answered. */
export class Attempts<Body> {
  private readonly name: string
  private readonly kept: Kept
  private readonly newKey: () => string

  constructor(name: string, kept: Kept, newKey: () => string = randomKey) {
    this.name = `orderproc.attempt.${name}`
    this.kept = kept
    this.newKey = newKey
  }

  /** To be called before the order is sent. */
  begin(body: Body): Attempt<Body> {
    const open = this.open()
    if (open && JSON.stringify(open.body) === JSON.stringify(body)) return open
    const attempt = { key: this.newKey(), body }
    this.kept.setItem(this.name, JSON.stringify(attempt))
    return attempt
  }

  /** The order whose answer never came, if there is one. */
  open(): Attempt<Body> | null {
    try {
      return JSON.parse(this.kept.getItem(this.name) ?? 'null') as Attempt<Body> | null
    } catch {
      return null
    }
  }

  /** The API accepted or refused it for good: the next one is another order. */
  close(): void {
    this.kept.removeItem(this.name)
  }
}
