"""The schema of one deployment: the operator's aliases as fields, conditions and sort keys of the record types."""
