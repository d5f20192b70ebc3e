"""The embedded Pulumi engine: runs an unmodified Python program and captures its resource graph.

The modules that run inside the program's interpreter import the standard library and pulumi only.
"""
