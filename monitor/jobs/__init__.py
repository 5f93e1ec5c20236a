"""The verbs, and the only room that opens a write transaction or asks the clock."""
