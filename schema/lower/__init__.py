"""From what a client wrote to what the model understands: selections, filters, orders, options and page sizes."""
