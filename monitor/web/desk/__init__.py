"""The desk: where editors read the queue, decide, and write wires. One module per page."""
