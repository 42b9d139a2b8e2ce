"""What an order is and what it may become: pure Python.
May import the standard library only: no boto3, no chalice, no I/O, no clock."""
