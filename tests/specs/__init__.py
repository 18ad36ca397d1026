"""Stories: what is asked, what it costs upstream, and what comes back, run against the whole product.

A story is a Markdown file. Its headings of the second level are its steps; these blocks say what happens there:

- `yaml setup`, before the first step: the world, see `stories.Setup`.
- `graphql` and `json variables`: the request; "<word>" stands for what an earlier step kept.
- `yaml faults`: how the emulators misbehave meanwhile. `yaml request`: `copies` sends it several times at once.
- `yaml calls`: data calls by source, which the emulators count too, and which `explain` declares as well unless a
  block `yaml explain` says what else it declares.
- `json answer`: a part of the body. `yaml checks`: what holds at paths of the body, see `checks`.
"""
