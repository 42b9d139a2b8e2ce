"""The local cloud of `make run`: an emulator of AWS on loopback, demo users and products, and the demo.

Nothing here is part of the product; it may import `infra`, never `orderproc`.
"""
