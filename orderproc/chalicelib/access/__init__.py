"""Who may call the API: staff and their roles, and partners' keys.
May import `kit` and the areas below in the list of layers."""
