import { authorized, type Call, call, catalogueOf, type components, type Config, Problem, type Session } from '@orderproc/shared'

import { takeAnswer } from './early'
import type { GuestTokens } from './guestTokens'
import { productPath, productsPath } from './paths'

type Schemas = components['schemas']
export type Cart = Schemas['Cart']
export type Product = Schemas['Product']
export type Link = Schemas['Link']
export type ChatbotAnswer = Schemas['ChatbotAnswer']
export type Order = Schemas['Order']
export type OrderPage = Schemas['OrderPage']
export type Accepted = Schemas['Accepted']
export type Address = Schemas['GuestCheckoutRequest']['shippingAddress']
/** Of an order: what it lacks is null. */
export type ShownAddress = NonNullable<Order['shippingAddress']>
export type CheckoutBody = Schemas['CheckoutRequest']
export type GuestCheckoutBody = Schemas['GuestCheckoutRequest']
export type PlaceOrderBody = Schemas['PlaceOrderRequest']
type GuestAccepted = Schemas['GuestAccepted']

const id = encodeURIComponent

/** Everything that the pages ask of the API. An order of a guest is read with its own token, all others with the
 *  customer's. Throws Problem, Unreachable, SignedOut. */
export class Api {
  private readonly config: Config
  private readonly session: Session
  private readonly guests: GuestTokens
  /** Those that run: the token of their order is good no longer, or still. */
  private readonly claims = new Map<string, Promise<void>>()

  constructor(config: Config, session: Session, guests: GuestTokens) {
    this.config = config
    this.session = session
    this.guests = guests
  }

  /** Of all products, or of those in which every word of `q` stands. */
  products = (q: string, cursor: string | null, signal?: AbortSignal) => {
    return this.at<Schemas['ProductPage']>(catalogueOf(this.config) + productsPath(q, cursor), { signal })
  }
  product = (productId: string, signal?: AbortSignal) => this.at<Product>(catalogueOf(this.config) + productPath(productId), { signal })
  /** As it is now, for what will be bought: the catalogue may be some seconds old. */
  productNow = (productId: string, signal?: AbortSignal) => this.anyone<Product>(productPath(productId), { signal })

  cart = (signal?: AbortSignal) => this.customer<Cart>('/cart', { signal })
  putCartItem = (productId: string, quantity: number) =>
    this.customer<Cart>(`/cart/items/${id(productId)}`, { method: 'PUT', body: { quantity } })
  removeCartItem = (productId: string) => this.customer<Cart>(`/cart/items/${id(productId)}`, { method: 'DELETE' })

  checkout = (body: CheckoutBody, key: string) =>
    this.customer<Accepted>('/checkout', { method: 'POST', body, headers: { 'Idempotency-Key': key }, seconds: 30 })
  guestCheckout = (body: GuestCheckoutBody, key: string) => this.guest('/guest/checkout', body, key)
  placeOrder = (body: PlaceOrderBody, key: string) => this.guest('/place-order', body, key)

  orders = (cursor: string | null, signal?: AbortSignal) => {
    const query = new URLSearchParams({ limit: '20', ...(cursor ? { cursor } : {}) })
    return this.customer<OrderPage>(`/me/orders?${query}`, { signal })
  }
  order = (orderId: string, signal?: AbortSignal) => this.ofOrder<Order>(orderId, '', { signal })
  cancel = (orderId: string) => this.ofOrder<Order>(orderId, '/cancel', { method: 'POST' })
  receipt = (orderId: string) => this.ofOrder<Link>(orderId, '/receipt', {})
  feedback = (orderId: string, score: number, comment: string) =>
    this.ofOrder<Schemas['Feedback']>(orderId, '/feedback', {
      method: 'POST',
      body: comment ? { score, comment } : { score },
    })
  /** With a guest's token the assistant knows that one order alone. */
  ask = async (orderId: string, query: string): Promise<ChatbotAnswer> => {
    await this.claims.get(orderId)
    const asked = { method: 'POST', body: { query }, seconds: 30 } as const
    return this.isGuests(orderId) ? this.ofOrder(orderId, '/chatbot', asked) : this.customer('/me/chatbot', asked)
  }

  /** A guest's order becomes the signed-in customer's, who has proved the same e-mail address. */
  claim = (orderId: string): Promise<Order> => {
    const claimed = this.claimed(orderId)
    const ended = claimed.then(
      () => undefined,
      () => undefined,
    )
    this.claims.set(orderId, ended)
    return claimed.finally(() => this.claims.delete(orderId))
  }

  private async claimed(orderId: string): Promise<Order> {
    const orderToken = this.guests.of(orderId)
    if (!orderToken) throw new Problem(404)
    const order = await this.customer<Order>('/me/orders/claim', { method: 'POST', body: { orderToken } })
    this.guests.forget(orderId)
    return order
  }

  isGuests = (orderId: string): boolean => this.guests.of(orderId) !== undefined

  private anyone<T>(path: string, options: Call): Promise<T> {
    return this.at<T>(this.config.apiUrl + path, options)
  }

  private at<T>(url: string, options: Call): Promise<T> {
    return call<T>(url, { ...options, sent: options.method ? undefined : takeAnswer(url) })
  }

  private customer<T>(path: string, options: Call): Promise<T> {
    return authorized(this.session, (headers) => this.anyone<T>(path, { ...options, headers: { ...options.headers, ...headers } }))
  }

  private async guest(path: string, body: unknown, key: string): Promise<GuestAccepted> {
    const headers = { 'X-API-Key': this.config.publishableKey ?? '', 'Idempotency-Key': key }
    const accepted = await this.anyone<GuestAccepted>(path, { method: 'POST', body, headers, seconds: 30 })
    this.guests.keep(accepted.orderId, accepted.orderToken)
    return accepted
  }

  private async ofOrder<T>(orderId: string, action: string, options: Call): Promise<T> {
    await this.claims.get(orderId)
    const token = this.guests.of(orderId)
    if (token === undefined) return this.customer<T>(`/me/orders/${id(orderId)}${action}`, options)
    return this.anyone<T>(`/guest/order${action}`, { ...options, headers: { Authorization: `Order ${token}` } })
  }
}
