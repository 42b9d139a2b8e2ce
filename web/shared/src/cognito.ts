import { Unreachable } from './problem'

/** A user pool's client, and where Cognito answers for it. */
export interface Pool {
  endpoint: string
  clientId: string
}

export interface Tokens {
  idToken: string
  refreshToken: string
}

/** What Cognito refused, by the name of its exception, such as `NotAuthorizedException`. */
export class CognitoError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'CognitoError'
    this.code = code
  }
}

/** Cognito wants more than the password, such as `SOFTWARE_TOKEN_MFA` or `NEW_PASSWORD_REQUIRED`, before it gives tokens. */
export class Challenge extends CognitoError {
  readonly session: string

  constructor(name: string, session: string) {
    super(name, 'More than the password is asked for')
    this.name = 'Challenge'
    this.session = session
  }
}

interface Authenticated {
  AuthenticationResult?: { IdToken?: string; RefreshToken?: string }
  ChallengeName?: string
  Session?: string
}

/** Cognito's own JSON protocol: each operation is one POST, named in a header. Throws CognitoError, Unreachable. */
async function operation<T>(pool: Pool, name: string, parameters: Record<string, unknown>): Promise<T> {
  let response: Response
  try {
    response = await fetch(pool.endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${name}`,
      },
      body: JSON.stringify({ ClientId: pool.clientId, ...parameters }),
      signal: AbortSignal.timeout(20_000),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    })
  } catch (error) {
    throw new Unreachable(error)
  }
  let answer: Record<string, unknown> = {}
  try {
    answer = (await response.json()) as Record<string, unknown>
  } catch {
    // Some operations answer nothing.
  }
  if (response.ok) return answer as T
  if (response.status >= 500) throw new Unreachable(`HTTP ${response.status}`)
  const type = String(answer['__type'] ?? 'UnknownError').replace(/^.*#/, '')
  throw new CognitoError(type, String(answer['message'] ?? answer['Message'] ?? type))
}

/** Throws Challenge where more than the password is asked for. */
export async function signIn(pool: Pool, email: string, password: string): Promise<Tokens> {
  const answer = await operation<Authenticated>(pool, 'InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  })
  return tokensOf(answer)
}

/** What Cognito asked for, by its names: `{ SOFTWARE_TOKEN_MFA_CODE }`, `{ NEW_PASSWORD }`. Throws Challenge for the next. */
export async function answerChallenge(pool: Pool, email: string, asked: Challenge, answers: Record<string, string>): Promise<Tokens> {
  const answer = await operation<Authenticated>(pool, 'RespondToAuthChallenge', {
    ChallengeName: asked.code,
    Session: asked.session,
    ChallengeResponses: { USERNAME: email, ...answers },
  })
  return tokensOf(answer)
}

function tokensOf({ AuthenticationResult: found, ChallengeName: name, Session: session }: Authenticated): Tokens {
  if (name) throw new Challenge(name, session ?? '')
  if (!found?.IdToken || !found.RefreshToken) throw new CognitoError('UnknownError', 'No tokens came')
  return { idToken: found.IdToken, refreshToken: found.RefreshToken }
}

/** New tokens; the refresh token stays unless Cognito rotates it. */
export async function renew(pool: Pool, refreshToken: string): Promise<Tokens> {
  const answer = await operation<Authenticated>(pool, 'InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  })
  const { IdToken: idToken, RefreshToken: rotated } = answer.AuthenticationResult ?? {}
  if (!idToken) throw new CognitoError(answer.ChallengeName ?? 'UnknownError', 'No token came')
  return { idToken, refreshToken: rotated ?? refreshToken }
}

export const signUp = (pool: Pool, email: string, password: string) =>
  operation(pool, 'SignUp', {
    Username: email,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: email }],
  })

export const confirmSignUp = (pool: Pool, email: string, code: string) =>
  operation(pool, 'ConfirmSignUp', { Username: email, ConfirmationCode: code })

export const resendCode = (pool: Pool, email: string) =>
  operation(pool, 'ResendConfirmationCode', { Username: email })

export const forgotPassword = (pool: Pool, email: string) => operation(pool, 'ForgotPassword', { Username: email })

export const confirmForgotPassword = (pool: Pool, email: string, code: string, password: string) =>
  operation(pool, 'ConfirmForgotPassword', { Username: email, ConfirmationCode: code, Password: password })

/** After this the refresh token makes no new tokens, no matter where it was copied. */
export const revoke = (pool: Pool, refreshToken: string) => operation(pool, 'RevokeToken', { Token: refreshToken })

export interface Claims {
  sub: string
  email: string
  /** The user's groups in the pool: none for customers. */
  groups: string[]
  /** Seconds since 1970. */
  exp: number
  iat: number
}

/** What a token says; its signature is for the API to check. Throws for what is no token. */
export function claimsOf(token: string): Claims {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0))
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Claims> & { 'cognito:groups'?: string[] }
  const { sub, email = '', exp, iat = 0, 'cognito:groups': groups = [] } = claims
  if (!sub || typeof exp !== 'number') throw new TypeError('The token names no person or no end')
  return { sub, email, groups, exp, iat }
}
