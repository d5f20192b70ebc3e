"""Game days: fail-over drills with a journal, undos, guardrails, and measured RTO and RPO."""
