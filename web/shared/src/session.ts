import { claimsOf, CognitoError, renew, revoke, signIn, type Pool, type Tokens } from './cognito'
import { SignedOut } from './problem'

export interface Person {
  sub: string
  email: string
}

/** Where tokens are kept: they end with the tab, and no other tab or site reads them. */
export type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** There is something under it while somebody is signed in. */
export const SESSION_KEY = 'orderproc.session'
/** A token is renewed when it has less than this left, in seconds: a request takes its time. */
const MARGIN = 60

/** Who is signed in, in this tab. `person` is null for a guest; `ended` tells that a session ended by itself. */
export class Session {
  private readonly pool: Pool
  private readonly kept: Kept
  private readonly now: () => number
  private readonly listeners = new Set<() => void>()
  private tokens: Tokens | null = null
  /** By this machine's clock, in seconds: it may be wrong, but it is right by itself. */
  private expires = 0
  private renewing: Promise<void> | null = null
  person: Person | null = null
  ended = false

  constructor(pool: Pool, kept: Kept, now: () => number = () => Date.now() / 1000) {
    this.pool = pool
    this.kept = kept
    this.now = now
    this.restore()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async signIn(email: string, password: string): Promise<Person> {
    this.take(await signIn(this.pool, email, password))
    return this.person as Person
  }

  /** Forgets the tokens at once, and tells Cognito if it can be reached. */
  async signOut(): Promise<void> {
    const refreshToken = this.tokens?.refreshToken
    this.forget(false)
    if (refreshToken) await revoke(this.pool, refreshToken).catch(() => undefined)
  }

  /** A token that is good for a while. Throws SignedOut, Unreachable. */
  async token(): Promise<string> {
    if (!this.tokens) throw new SignedOut()
    if (this.expires - this.now() < MARGIN) await this.renew()
    if (!this.tokens) throw new SignedOut()
    return this.tokens.idToken
  }

  /** The API refused this token. Makes a new one, once for all that ask at the same time. Throws SignedOut. */
  async refused(token: string): Promise<void> {
    if (this.tokens?.idToken === token) await this.renew()
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewed().finally(() => {
      this.renewing = null
    })
    return this.renewing
  }

  private async renewed(): Promise<void> {
    const { tokens } = this
    if (!tokens) throw new SignedOut()
    try {
      const fresh = await renew(this.pool, tokens.refreshToken)
      if (this.tokens === tokens) this.take(fresh)
    } catch (error) {
      if (!(error instanceof CognitoError) || error.code === 'TooManyRequestsException') throw error
      if (this.tokens === tokens) this.forget(true)
      throw new SignedOut()
    }
  }

  private take(tokens: Tokens): void {
    const { sub, email, exp, iat } = claimsOf(tokens.idToken)
    this.tokens = tokens
    this.expires = this.now() + (iat ? exp - iat : exp - this.now())
    this.person = this.person?.sub === sub && this.person.email === email ? this.person : { sub, email }
    this.ended = false
    this.kept.setItem(SESSION_KEY, JSON.stringify({ ...tokens, expires: this.expires }))
    this.tell()
  }

  private forget(ended: boolean): void {
    this.tokens = null
    this.person = null
    this.ended = ended
    this.kept.removeItem(SESSION_KEY)
    this.tell()
  }

  private restore(): void {
    try {
      const found = JSON.parse(this.kept.getItem(SESSION_KEY) ?? 'null') as (Tokens & { expires: number }) | null
      if (!found) return
      const { sub, email } = claimsOf(found.idToken)
      this.tokens = { idToken: found.idToken, refreshToken: found.refreshToken }
      this.expires = found.expires
      this.person = { sub, email }
    } catch {
      this.kept.removeItem(SESSION_KEY)
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
