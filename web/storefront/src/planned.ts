/** What the contract says of the API and its document does not yet. Each goes away once the generated types have it. */
import type { components } from '@orderproc/shared'

type Schemas = components['schemas']

/** An address as contract §7 has it. */
export interface Address {
  name?: string
  company?: string
  street: string
  street2?: string
  city: string
  state?: string
  zipCode?: string
  country: string
}

export type Order = Omit<Schemas['Order'], 'shippingAddress'> & {
  orderNumber?: string
  reference?: string | null
  note?: string | null
  shippingAddress: Address | null
  feedback?: Schemas['Feedback'] | null
}
export interface OrderPage {
  orders: Order[]
  nextCursor: string | null
}

export type Accepted = Schemas['Accepted'] & { orderNumber?: string }
/** Of `POST /place-order` and `POST /guest/checkout` with the publishable key. */
export type GuestAccepted = Accepted & { orderToken: string }

export interface CheckoutBody {
  total: number
  currency: string
  paymentMethod?: string
  shippingAddress: Address
  note?: string
  locale: string
}
export interface GuestCheckoutBody extends CheckoutBody {
  items: { productId: string; quantity: number }[]
  customerEmail: string
}
export interface PlaceOrderBody {
  productId: string
  quantity: number
  customerEmail: string
  locale: string
}
