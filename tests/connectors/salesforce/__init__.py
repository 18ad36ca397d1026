"""Tests of the Salesforce connector: its SOQL alone, and the whole over real sockets."""
