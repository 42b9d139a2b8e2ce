import { CognitoError, Problem, SignedOut, Unreachable } from '@orderproc/shared'

import { useTexts, type Text } from '../shop'

/** The API's codes that have words of their own in every language. */
const CODES: Record<string, Text> = {
  INVALID_REQUEST: 'error.invalid',
  PRODUCT_NOT_FOUND: 'error.productNotFound',
  ORDER_NOT_FOUND: 'error.orderNotFound',
  RECEIPT_NOT_FOUND: 'error.receiptNotFound',
  CART_NOT_ORDERABLE: 'error.cartNotOrderable',
  CART_FULL: 'error.cartFull',
  CART_DAMAGED: 'error.cartDamaged',
  CURRENCY_MISMATCH: 'error.currencyMismatch',
  TOTAL_MISMATCH: 'error.totalMismatch',
  NOT_ORDERABLE: 'error.notOrderable',
  STOCK_TOO_LOW: 'error.stockTooLow',
  ALREADY_SHIPPED: 'error.alreadyShipped',
  NOT_CANCELLABLE: 'error.notCancellable',
  STILL_PROCESSING: 'error.stillProcessing',
  FEEDBACK_ALREADY_GIVEN: 'error.feedbackGiven',
  IDEMPOTENCY_KEY_REUSED: 'error.keyReused',
  EMAIL_REQUIRED: 'error.emailRequired',
  // All guests share one plan, whose quota is a day's.
  QUOTA_EXCEEDED: 'error.quotaExceeded',
  // Cognito's
  NotAuthorizedException: 'error.wrongPassword',
  UserNotFoundException: 'error.wrongPassword',
  UserNotConfirmedException: 'error.notConfirmed',
  UsernameExistsException: 'error.accountExists',
  AliasExistsException: 'error.accountExists',
  CodeMismatchException: 'error.wrongCode',
  ExpiredCodeException: 'error.expiredCode',
  InvalidPasswordException: 'error.weakPassword',
  InvalidParameterException: 'error.invalid',
  LimitExceededException: 'error.tooMany',
  TooManyRequestsException: 'error.tooMany',
  TooManyFailedAttemptsException: 'error.tooMany',
}

/** What went wrong and what the reader can do, in the reader's language. */
export function useWords(): (error: unknown) => string {
  const t = useTexts()
  return (error) => {
    if (error instanceof SignedOut) return t('error.signedOut')
    if (error instanceof Unreachable) return t('error.unreachable')
    if (error instanceof CognitoError) return t(CODES[error.code] ?? 'error.other')
    if (!(error instanceof Problem)) return t('error.other')
    const known = CODES[error.code]
    if (known) return t(known)
    if (error.status === 429) return t('error.tooMany')
    if (error.status === 401) return t('error.signedOut')
    if (error.status === 404) return t('error.notFound')
    if (error.status >= 502) return t('error.unavailable')
    return error.requestId ? t('error.quote', { id: error.requestId }) : t('error.other')
  }
}
