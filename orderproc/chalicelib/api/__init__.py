"""REST: one Blueprint per area, each route with its OpenAPI operation beside it; `shared/` has what all of them use.
May import `bootstrap` and all below it."""
