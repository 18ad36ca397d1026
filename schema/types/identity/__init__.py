"""The same person or company in several sources.

- match: the matches of a record
- person: people over the sources
"""
