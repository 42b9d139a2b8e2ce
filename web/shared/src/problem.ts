export interface FieldError {
  field: string
  message: string
}

/** An error that the API answered (RFC 9457). `retryAfter` is in seconds, where the API said it. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly requestId: string
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    said: { detail?: string; code?: string; errors?: FieldError[]; requestId?: string } = {},
    retryAfter?: number,
  ) {
    super(said.detail ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = said.code ?? ''
    this.errors = said.errors ?? []
    this.requestId = said.requestId ?? ''
    this.retryAfter = retryAfter
  }
}

/** No answer came: no network, or it took too long. What was asked may have been done all the same. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('No answer came', { cause })
    this.name = 'Unreachable'
  }
}

/** The session ended: the person must sign in again. */
export class SignedOut extends Error {
  constructor() {
    super('Signed out')
    this.name = 'SignedOut'
  }
}

/** Whether the same request may be sent again, and have another outcome. */
export function isTemporary(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429))
}

/** What the API says of each field, by the name it has there; the first message of each. */
export function byField(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { field, message } of error instanceof Problem ? error.errors : []) found[field] ??= message
  return found
}

/** The problem in an answer that is none of the API's own (a proxy's page, say) has only its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('Retry-After'))
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined
  let said: unknown
  try {
    said = await response.json()
  } catch {
    said = {}
  }
  return new Problem(response.status, typeof said === 'object' && said !== null ? said : {}, retryAfter)
}
