"""The harness that every stage shares: engine, graph, findings, reports. It knows no control."""
