"""What readers see: published wires → the bytes of pages and feeds. Pure but for the templates, which are read once."""
