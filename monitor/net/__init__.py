"""The only room that opens sockets: polite, bounded, and never to an address that is not ours to ask."""
