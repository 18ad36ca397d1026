"""YAML files that people write: read with the line of every value, and refused with every mistake at once."""

from connectors.documents.document import Document, read_document
from connectors.documents.findings import Findings
from connectors.documents.mistakes import Mistake, Path, did_you_mean, printable, quoted, refuse, shown, unknown

__all__ = [
    "Document",  # plain data, and the line of every key and item
    "Findings",  # collects the mistakes of one document
    "Mistake",  # one of them, as `file:line path: message`
    "Path",  # the keys and indexes that lead to a value
    "did_you_mean",  # the nearest of what is allowed, or all of it
    "printable",  # a text that is safe on a terminal
    "quoted",  # a value as a message may repeat it
    "read_document",  # a file as a Document
    "refuse",  # the error that lists mistakes
    "shown",  # a word of the file as a message may repeat it
    "unknown",  # what is said of a word that is none of those allowed
]
