"""The only room that opens sockets to the world."""
