"""Live checks: what was deployed, in an account or in the sandbox, judged by the same controls."""
