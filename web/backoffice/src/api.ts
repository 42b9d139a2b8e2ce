import { authorized, call, type Call, type components, type Config, type Session } from '@orderproc/shared'

import { upload } from './upload'

type Schemas = components['schemas']
/** `version` is that of the order as it was read: what is done to it is refused if it was changed since. */
export type Order = Schemas['StaffOrder'] & { version?: string }
export type Entry = Schemas['Timeline']['entries'][number]
export type Customer = Schemas['Customer']
export type CustomerDetails = Schemas['CustomerDetails']
export type OrderPage = Schemas['StaffOrderPage']
export type Status = Order['status']
export type Permission = Schemas['Me']['permissions'][number]
export type Member = Schemas['StaffMember']
export type Role = Member['roles'][number]
export type Partner = Schemas['Partner']
export type NewKey = Schemas['NewPartnerKey']
export type Export = Schemas['ExportEntry']
export type ExportRequest = Schemas['ExportRequest']
export type ShipRequest = Schemas['ShipRequest']
export type DeadLetter = Schemas['DeadLetter']
export type Import = Schemas['Import']
export type Discrepancy = Schemas['DiscrepancyList']['discrepancies'][number]
export type Metrics = Schemas['Metrics']
export type Figures = Schemas['MetricsFigures']
export type Product = Schemas['Product']
export type ProductRequest = Schemas['ProductRequest']
export type Alarm = Schemas['Alarms']['alarms'][number]
export type QueueDepth = Schemas['QueueDepth']

/** An import's report, as docs/guide/imports.md describes it. */
export interface Report {
  rows: readonly Row[]
}
export interface Row {
  row: number
  outcome: 'accepted' | 'rejected' | 'duplicate' | 'superseded'
  orderId?: string
  productId?: string
  errors?: readonly { field: string; message: string; value?: string }[]
}

export interface OrderFilters {
  q?: string | undefined
  status?: Status | undefined
  /** Days. */
  from?: string | undefined
  to?: string | undefined
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

  me = (signal?: AbortSignal) => this.staff<Schemas['Me']>('/admin/me', { signal })

  orders = ({ q, status, from, to }: OrderFilters, cursor: string | null, signal?: AbortSignal) =>
    this.staff<OrderPage>(`/admin/orders${queryOf({ q, status, from, to, limit: '25', cursor })}`, { signal })
  order = (orderId: string, signal?: AbortSignal) => this.versioned(`/admin/orders/${id(orderId)}`, { signal })
  cancel = (seen: Order) => this.change(seen, 'cancel', post())
  ship = (seen: Order, shipment: ShipRequest) => this.change(seen, 'ship', post(shipment))
  deliver = (seen: Order, trackingNumber: string) => this.change(seen, 'deliver', post({ trackingNumber }))
  retry = (seen: Order) => this.change(seen, 'retry', post())
  setTags = (seen: Order, tags: string[]) => this.change(seen, 'tags', { method: 'PUT', body: { tags } })
  timeline = (orderId: string, signal?: AbortSignal) => this.staff<Schemas['Timeline']>(`/admin/orders/${id(orderId)}/timeline`, { signal })
  addNote = (orderId: string, text: string, key: string) =>
    this.staff<Schemas['Note']>(`/admin/orders/${id(orderId)}/notes`, { ...post({ text }), headers: { 'Idempotency-Key': key } })
  resendConfirmation = (orderId: string) => this.staff<Schemas['Resent']>(`/admin/orders/${id(orderId)}/resend`, post({ what: 'confirmation' }))

  customers = (q: string, cursor: string | null, signal?: AbortSignal) =>
    this.staff<Schemas['CustomerPage']>(`/admin/customers${queryOf({ q, limit: '25', cursor })}`, { signal })
  customer = (customerId: string, cursor: string | null, signal?: AbortSignal) =>
    this.staff<CustomerDetails>(`/admin/customers/${id(customerId)}${queryOf({ limit: '25', cursor })}`, { signal })

  queues = (signal?: AbortSignal) => this.staff<Schemas['Queues']>('/admin/queues', { signal })
  deadLetters = (queue: string | undefined, signal?: AbortSignal) =>
    this.staff<Schemas['DeadLetters']>(`/admin/dead-letters${queryOf({ queue, limit: '100' })}`, { signal, seconds: 30 })
  redrive = (queue: string, messageIds: string[]) =>
    this.staff<Schemas['Redriven']>('/admin/dead-letters/redrive', { ...post({ queue, messageIds }), seconds: 30 })
  discard = (queue: string, messageIds: string[], reason: string) =>
    this.staff<Schemas['Discarded']>('/admin/dead-letters/discard', { ...post({ queue, messageIds, reason }), seconds: 30 })

  imports = (cursor: string | null, signal?: AbortSignal) =>
    this.staff<Schemas['ImportPage']>(`/admin/imports${queryOf({ limit: '25', cursor })}`, { signal })
  import = (importId: string, signal?: AbortSignal) => this.staff<Import>(`/admin/imports/${id(importId)}`, { signal })
  importLinks = (importId: string, signal?: AbortSignal) =>
    this.staff<Schemas['ImportReport']>(`/admin/imports/${id(importId)}/report`, { signal })
  /** Straight from the bucket, by a link that the API signed. */
  importReport = (url: string, signal?: AbortSignal) => call<Report>(url, { signal, seconds: 120 })
  /** The file's key in the bucket, by which its import is found. */
  uploadImport = async (kind: Import['kind'], file: File): Promise<string> => {
    const form = await this.staff<Schemas['ImportUpload']>('/admin/imports', post({ kind, fileName: file.name }))
    await upload(form, file)
    return form.file
  }

  exports = (signal?: AbortSignal) => this.staff<Schemas['ExportPage']>('/admin/exports?limit=25', { signal })
  requestExport = (body: ExportRequest) => this.staff<Schemas['ExportRequested']>('/admin/exports', post(body))
  export = (exportId: string) => this.staff<Schemas['Export']>(`/admin/exports/${id(exportId)}`, {})

  alarms = (signal?: AbortSignal) => this.staff<Schemas['Alarms']>('/admin/alarms', { signal })
  discrepancies = (signal?: AbortSignal) => this.staff<Schemas['DiscrepancyList']>('/admin/discrepancies', { signal })
  metrics = (from: Date, to: Date, signal?: AbortSignal) =>
    this.staff<Metrics>(`/admin/metrics${queryOf({ from: from.toISOString(), to: to.toISOString(), by: 'hour' })}`, { signal })

  products = (q: string, cursor: string | null, signal?: AbortSignal) =>
    this.staff<Schemas['ProductPage']>(`/products${queryOf({ q, limit: '25', cursor })}`, { signal })
  product = (productId: string, signal?: AbortSignal) => this.staff<Product>(`/products/${id(productId)}`, { signal })
  putProduct = (productId: string, body: ProductRequest) => this.staff<Product>(`/products/${id(productId)}`, { method: 'PUT', body })
  changeStock = (productId: string, delta: number, reason: string) =>
    this.staff<Schemas['Stock']>(`/products/${id(productId)}/stock`, post({ delta, reason }))
  withdraw = (productId: string) => this.staff<Product>(`/products/${id(productId)}`, { method: 'DELETE' })
  setPicture = async (productId: string, file: File): Promise<Product> => {
    const path = `/admin/products/${id(productId)}/image`
    const form = await this.staff<Schemas['ImageUpload']>(path, post({ contentType: file.type }))
    await upload(form, file)
    return this.staff<Product>(path, { method: 'PUT', body: { uploadId: form.uploadId } })
  }
  removePicture = (productId: string) => this.staff<Product>(`/admin/products/${id(productId)}/image`, { method: 'DELETE' })

  members = (signal?: AbortSignal) => this.staff<Schemas['StaffList']>('/admin/staff', { signal })
  invite = (email: string, roles: Role[]) => this.staff<Member>('/admin/staff', post({ email, roles }))
  setRoles = (userId: string, roles: Role[]) => this.staff<Member>(`/admin/staff/${id(userId)}/roles`, { method: 'PUT', body: { roles } })
  setEnabled = (userId: string, enabled: boolean) => this.staff<Member>(`/admin/staff/${id(userId)}/${enabled ? 'enable' : 'disable'}`, post())

  partners = (signal?: AbortSignal) => this.staff<Schemas['PartnerList']>('/admin/partners', { signal })
  addPartner = (partnerId: string, name: string) => this.staff<NewKey>('/admin/partners', post({ partnerId, name }))
  newKey = (partnerId: string, endOthersAfterHours: number) =>
    this.staff<NewKey>(`/admin/partners/${id(partnerId)}/keys`, post({ endOthersAfterHours }))
  revokeKey = (partnerId: string, keyId: string) =>
    this.staff<Partner>(`/admin/partners/${id(partnerId)}/keys/${id(keyId)}`, { method: 'DELETE' })

  private change(seen: Order, action: string, options: Call): Promise<Order> {
    const headers: Record<string, string> = seen.version ? { 'If-Match': seen.version } : {}
    return this.versioned(`/admin/orders/${id(seen.orderId)}/${action}`, { ...options, headers })
  }

  private async versioned(path: string, options: Call): Promise<Order> {
    let version: string | undefined
    const onHeaders = (headers: Headers) => {
      version = headers.get('ETag') ?? undefined
    }
    const order = await this.staff<Schemas['StaffOrder']>(path, { ...options, onHeaders })
    return version ? { ...order, version } : order
  }

  private staff<T>(path: string, options: Call): Promise<T> {
    return authorized(this.session, (headers) => call<T>(this.config.apiUrl + path, { ...options, headers: { ...options.headers, ...headers } }))
  }
}
