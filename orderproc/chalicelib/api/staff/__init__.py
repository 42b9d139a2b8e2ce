"""Routes for staff.
May import `api.shared`, `bootstrap` and all below it."""
