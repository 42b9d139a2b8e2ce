"""What turns an event of Step Functions into a call of a use case.
May import `bootstrap` and all below it."""
