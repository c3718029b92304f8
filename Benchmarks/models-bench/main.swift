// Measures the client of models alone.
