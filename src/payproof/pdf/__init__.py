"""Facts to PDF: the only room that makes one. Sheets are typst templates, facts are plain texts."""
