"""Tests that the repository keeps its shape: sizes, floors, names, surfaces, and pages that agree with the code.

Each check is a function that takes what it looks at, so that a test can also show it a bad example and see it found.
"""
