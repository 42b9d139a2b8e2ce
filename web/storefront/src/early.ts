/** What boot.ts asked for before the shop was loaded. Development has no boot.ts. */
export interface Early {
  config: Promise<unknown>
  /** By address. */
  answers: Map<string, Promise<Response>>
}

export const NOT_LOADED = 'The shop could not be loaded. Please try again in a moment.'

declare global {
  interface Window {
    early?: Early
  }
}

const early = typeof window === 'undefined' ? undefined : window.early

export const earlyConfig = (): Promise<unknown> | undefined => early?.config

/** The answer to this request, if it was sent before; only once. */
export function takeAnswer(url: string): Promise<Response> | undefined {
  const answer = early?.answers.get(url)
  early?.answers.delete(url)
  return answer
}

/** What was not taken at the start is too old for later. */
export const forgetAnswers = (): void => early?.answers.clear()
