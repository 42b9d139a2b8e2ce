import { authorized, call, type Call, type components, type Config, type Session } from '@orderproc/shared'

type Schemas = components['schemas']
export type Order = Schemas['StaffOrder']
export type OrderPage = Schemas['StaffOrderPage']
export type Status = Order['status']
export type ShipRequest = Schemas['ShipRequest']
export type DeadLetter = Schemas['DeadLetter']
export type Import = Schemas['Import']
export type Discrepancy = Schemas['DiscrepancyList']['discrepancies'][number]
export type Metrics = Schemas['Metrics']
export type Figures = Schemas['MetricsFigures']
export type Product = Schemas['Product']
export type ProductRequest = Schemas['ProductRequest']
export type QueueDepth = Schemas['QueueDepth']

export interface OrderFilters {
  status?: Status | undefined
}

const id = encodeURIComponent
const post = (body?: unknown): Call => ({ method: 'POST', ...(body === undefined ? {} : { body }) })

/** What is not asked for is left out of the address. */
function queryOf(asked: Record<string, string | undefined | null>): string {
  const named = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return named.length > 0 ? `?${new URLSearchParams(named)}` : ''
}

/** Everything that the back office asks of the API, with the staff's token. Throws Problem, Unreachable, SignedOut. */
export class Api {
  private readonly config: Config
  private readonly session: Session

  constructor(config: Config, session: Session) {
    this.config = config
    this.session = session
  }

  orders = ({ status }: OrderFilters, cursor: string | null, signal?: AbortSignal) =>
    this.staff<OrderPage>(`/admin/orders${queryOf({ status, limit: '25', cursor })}`, { signal })
  order = (orderId: string, signal?: AbortSignal) => this.staff<Order>(`/admin/orders/${id(orderId)}`, { signal })
  cancel = (orderId: string) => this.staff<Order>(`/admin/orders/${id(orderId)}/cancel`, post())
  ship = (orderId: string, shipment: ShipRequest) => this.staff<Order>(`/admin/orders/${id(orderId)}/ship`, post(shipment))
  deliver = (orderId: string, trackingNumber: string) =>
    this.staff<Order>(`/admin/orders/${id(orderId)}/deliver`, post({ trackingNumber }))
  retry = (orderId: string) => this.staff<Order>(`/admin/orders/${id(orderId)}/retry`, post())

  private staff<T>(path: string, options: Call): Promise<T> {
    return authorized(this.session, (headers) => call<T>(this.config.apiUrl + path, { ...options, headers: { ...options.headers, ...headers } }))
  }
}
