"""What all routes share: requests and problems, who calls, operations and the OpenAPI document.
May import `bootstrap` and all below it."""
