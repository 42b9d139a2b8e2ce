"""REST: one Blueprint per area; `http.py` for parsing, errors and paging, `callers.py` for who is asking.
May import services, domain and bootstrap; never adapters."""
