"""A small service that greets people."""
