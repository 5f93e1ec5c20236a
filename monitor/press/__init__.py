"""The simulated press: invented publishers whose feeds, pages and status pages tell a fortnight of invented events."""
