"""One spelling of what people write in many."""
