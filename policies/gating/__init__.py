"""What the gate does with a command line: finds programs, runs them, judges them, reports."""
