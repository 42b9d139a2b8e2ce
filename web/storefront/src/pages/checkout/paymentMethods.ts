import type { Text } from '../../shop'

/** Stripe's test methods, which the simulated gateway follows. */
export const PAYMENT_METHODS = [
  { value: 'pm_card_visa', text: 'payment.visa' },
  { value: 'pm_card_chargeDeclined', text: 'payment.declined' },
  { value: 'pm_card_chargeDeclinedInsufficientFunds', text: 'payment.insufficient' },
  { value: 'pm_sim_timeoutOnce', text: 'payment.slow' },
] as const satisfies readonly { value: string; text: Text }[]
