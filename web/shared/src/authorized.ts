import { Problem } from './problem'
import type { Session } from './session'

/** Sends with the session's token, and once more with a new one if the API refuses it. Throws SignedOut, and what `send` throws. */
export async function authorized<T>(session: Session, send: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  const token = await session.token()
  const sent = (good: string) => send({ Authorization: `Bearer ${good}` })
  try {
    return await sent(token)
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    await session.refused(token)
    return sent(await session.token())
  }
}
