"""Dated tables that the controls rely on."""
