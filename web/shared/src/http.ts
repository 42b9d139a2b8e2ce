import { problemOf, Unreachable } from './problem'

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  /** Of the caller that no longer wants the answer. */
  signal?: AbortSignal | undefined
  seconds?: number
  /** The request was sent before, and this is its answer. */
  sent?: Promise<Response> | undefined
  /** Is given the headers of an answer that is no error. */
  onHeaders?: (headers: Headers) => void
}

/** What goes along with a request to the API: no cookies, no address of the page, and no answer that was kept. */
export const PRIVATE = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' } as const
export const JSON_ONLY = { Accept: 'application/json' } as const

/** What the API answers, read as JSON. Throws Problem for an error it answers, Unreachable when no answer comes. */
export async function call<T>(url: string, { method = 'GET', body, headers, signal, seconds = 20, sent, onHeaders }: Call = {}): Promise<T> {
  const limit = AbortSignal.timeout(seconds * 1000)
  let response: Response
  try {
    response = await (sent ?? fetch(url, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: { ...JSON_ONLY, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...PRIVATE,
    }))
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Unreachable(error)
  }
  if (!response.ok) throw await problemOf(response)
  onHeaders?.(response.headers)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Unreachable(error)
  }
}
