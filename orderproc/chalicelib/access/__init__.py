"""Access to the API: staff and their roles, partners and their keys.
May import `kit` and the areas below in the list of layers."""
