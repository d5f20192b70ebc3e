"""What the audit does with a command line: chooses what to scan, scans it, judges it, reports."""
