"""Real CRMs for tests: installed into a cache folder, started on loopback, filled from the book, stopped."""
