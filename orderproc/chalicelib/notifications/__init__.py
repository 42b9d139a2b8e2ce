"""Mails and SMS: when a customer gets one, its words, and sending it once.
May import areas below: `fulfilment` and what is under it."""
