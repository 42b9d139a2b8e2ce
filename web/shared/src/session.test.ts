import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { SignedOut, Unreachable } from './problem'
import { Challenge } from './cognito'
import { Session } from './session'

const pool = { endpoint: 'https://cognito.test/', clientId: 'client' }
let now = 1_000_000
let issued = 0
let answers: (target: string, body: Record<string, unknown>) => Response

function token(seconds = 3600): string {
  issued += 1
  const claims = { sub: 'petra', email: 'pétra@example.com', iat: now, exp: now + seconds, n: issued }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `h.${payload}.s`
}

class Memory {
  items = new Map<string, string>()
  getItem = (key: string) => this.items.get(key) ?? null
  setItem = (key: string, value: string) => void this.items.set(key, value)
  removeItem = (key: string) => void this.items.delete(key)
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
const tokens = (seconds?: number) =>
  json({ AuthenticationResult: { IdToken: token(seconds), RefreshToken: 'refresh-1' } })
const refusal = (type: string) => json({ __type: type, message: 'no' }, 400)

beforeEach(() => {
  now = 1_000_000
  answers = () => tokens()
  vi.stubGlobal('fetch', vi.fn((_url: string, init: RequestInit) => {
    const target = String((init.headers as Record<string, string>)['X-Amz-Target']).split('.')[1] ?? ''
    return Promise.resolve(answers(target, JSON.parse(String(init.body)) as Record<string, unknown>))
  }))
})
afterEach(() => vi.unstubAllGlobals())

const session = (kept = new Memory()) => new Session(pool, kept, () => now)

it('knows who signed in, also after a reload', async () => {
  const kept = new Memory()
  await session(kept).signIn('petra@example.com', 'secret')

  expect(session(kept).person).toEqual({ sub: 'petra', email: 'pétra@example.com', groups: [] })
})

it('renews a token before it expires, once however many ask', async () => {
  const open = session()
  await open.signIn('p', 's')
  const first = await open.token()
  now += 3590

  const [one, other] = await Promise.all([open.token(), open.token()])

  expect(one).toBe(other)
  expect(one).not.toBe(first)
  expect(fetch).toHaveBeenCalledTimes(2)
})

it('goes by its own clock, however wrong that is', async () => {
  const open = session()
  answers = () => {
    now -= 86_400 // the pool's clock is a day ahead of ours
    const ahead = tokens()
    return ahead
  }
  await open.signIn('p', 's')

  await open.token()
  expect(fetch).toHaveBeenCalledTimes(1)
})

it('renews a token that the API refused, and not one that was renewed meanwhile', async () => {
  const open = session()
  await open.signIn('p', 's')
  const refused = await open.token()

  await open.refused(refused)
  await open.refused(refused)

  expect(await open.token()).not.toBe(refused)
  expect(fetch).toHaveBeenCalledTimes(2)
})

it('ends when Cognito makes no new tokens, and says that it ended by itself', async () => {
  const kept = new Memory()
  const open = session(kept)
  await open.signIn('p', 's')
  answers = () => refusal('NotAuthorizedException')
  now += 3600

  await expect(open.token()).rejects.toBeInstanceOf(SignedOut)
  expect(open.person).toBeNull()
  expect(open.ended).toBe(true)
  expect(kept.items.size).toBe(0)
})

it('stays open while Cognito does not answer', async () => {
  const open = session()
  await open.signIn('p', 's')
  now += 3600
  answers = () => json({}, 503)

  await expect(open.token()).rejects.toBeInstanceOf(Unreachable)
  expect(open.person).not.toBeNull()
})

it('forgets its tokens on signing out, and has them revoked', async () => {
  const kept = new Memory()
  const open = session(kept)
  await open.signIn('p', 's')
  const asked: string[] = []
  answers = (target, body) => {
    asked.push(`${target} ${String(body['Token'])}`)
    return json({})
  }

  await open.signOut()

  expect(asked).toEqual(['RevokeToken refresh-1'])
  expect(kept.items.size).toBe(0)
  expect(open.ended).toBe(false)
})

it('takes what it can not read for no session', () => {
  const kept = new Memory()
  kept.setItem('orderproc.session', '{"idToken": 1}')

  expect(session(kept).person).toBeNull()
})

it('goes on where Cognito asks for more than the password, as often as it does', async () => {
  const sent: { target: string; body: Record<string, unknown> }[] = []
  const asked = [json({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's-1' }), json({ ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's-2' }), tokens()]
  answers = (target, body) => {
    sent.push({ target, body })
    return asked.shift() as Response
  }
  const staff = new Session(pool, new Memory(), () => now, 'orderproc.staff')
  const first = await staff.signIn('anna@example.com', 'mailed').catch((error: unknown) => error)
  expect(first).toBeInstanceOf(Challenge)
  const second = await staff.answer('anna@example.com', first as Challenge, { NEW_PASSWORD: 'Chosen-Password-1' }).catch((error: unknown) => error)
  expect(second).toMatchObject({ code: 'SOFTWARE_TOKEN_MFA', session: 's-2' })
  expect(staff.person).toBeNull()

  await staff.answer('anna@example.com', second as Challenge, { SOFTWARE_TOKEN_MFA_CODE: '123456' })

  expect(staff.person?.sub).toBe('petra')
  expect(sent[1]).toMatchObject({
    target: 'RespondToAuthChallenge',
    body: { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's-1', ChallengeResponses: { USERNAME: 'anna@example.com', NEW_PASSWORD: 'Chosen-Password-1' } },
  })
})

it('keeps the sessions of customers and staff apart, who may share a tab', async () => {
  const kept = new Memory()
  await session(kept).signIn('petra@example.com', 'secret')

  expect(new Session(pool, kept, () => now, 'orderproc.staff').person).toBeNull()
  expect(session(kept).person?.sub).toBe('petra')
})
