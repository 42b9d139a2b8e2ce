import { answerChallenge, claimsOf, CognitoError, renew, revoke, signIn, type Challenge, type Pool, type Tokens } from './cognito'
import { SignedOut } from './problem'

export interface Person {
  sub: string
  email: string
  groups: string[]
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
  private readonly key: string
  private readonly listeners = new Set<() => void>()
  private tokens: Tokens | null = null
  /** By this machine's clock, in seconds: it may be wrong, but it is right by itself. */
  private expires = 0
  private renewing: Promise<void> | null = null
  person: Person | null = null
  ended = false

  /** `key` is where tokens are kept: the shop and the back office are on one origin, and a tab may show both in turn. */
  constructor(pool: Pool, kept: Kept, now: () => number = () => Date.now() / 1000, key = SESSION_KEY) {
    this.pool = pool
    this.kept = kept
    this.now = now
    this.key = key
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

  /** Goes on where `signIn` threw a Challenge. */
  async answer(email: string, asked: Challenge, answers: Record<string, string>): Promise<Person> {
    this.take(await answerChallenge(this.pool, email, asked, answers))
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
    const { sub, email, groups, exp, iat } = claimsOf(tokens.idToken)
    this.tokens = tokens
    this.expires = this.now() + (iat ? exp - iat : exp - this.now())
    this.person = this.person?.sub === sub && this.person.email === email && String(this.person.groups) === String(groups) ? this.person : { sub, email, groups }
    this.ended = false
    this.kept.setItem(this.key, JSON.stringify({ ...tokens, expires: this.expires }))
    this.tell()
  }

  private forget(ended: boolean): void {
    this.tokens = null
    this.person = null
    this.ended = ended
    this.kept.removeItem(this.key)
    this.tell()
  }

  private restore(): void {
    try {
      const found = JSON.parse(this.kept.getItem(this.key) ?? 'null') as (Tokens & { expires: number }) | null
      if (!found) return
      const { sub, email, groups } = claimsOf(found.idToken)
      this.tokens = { idToken: found.idToken, refreshToken: found.refreshToken }
      this.expires = found.expires
      this.person = { sub, email, groups }
    } catch {
      this.kept.removeItem(this.key)
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
