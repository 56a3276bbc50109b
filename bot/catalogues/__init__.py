"""Catalogues as maintainers and readers handle them: files, sources, drafts, checks, reviews."""
