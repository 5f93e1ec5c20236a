"""Pure functions: values in, values out. No clock, socket, SQL, environment, randomness or logging."""
