import { CognitoError, Problem, SignedOut, Unreachable } from '@orderproc/shared'

import { useTexts, type Text } from '../office'

/** Refusals of Cognito that have words of their own. */
const CODES: Record<string, Text> = {
  NotAuthorizedException: 'error.wrongPassword',
  UserNotFoundException: 'error.wrongPassword',
  CodeMismatchException: 'error.wrongCode',
  EnableSoftwareTokenMFAException: 'error.wrongCode',
  InvalidPasswordException: 'error.weakPassword',
  LimitExceededException: 'error.tooMany',
  TooManyRequestsException: 'error.tooMany',
}

/** What went wrong. The API's own sentence is shown as it is: staff need what it says. */
export function useWords(): (error: unknown) => string {
  const t = useTexts()
  return (error) => {
    if (error instanceof SignedOut) return t('error.signedOut')
    if (error instanceof Unreachable) return t('error.unreachable')
    if (error instanceof CognitoError) return t(CODES[error.code] ?? 'error.other')
    if (!(error instanceof Problem)) return error instanceof Error ? error.message : t('error.other')
    if (error.status === 403) return t('error.forbidden')
    if (error.status === 429) return t('error.tooMany')
    if (error.status < 500) return error.message
    return error.requestId ? t('error.quote', { id: error.requestId }) : t('error.unreachable')
  }
}
