"""Facts to PDF: the only room that makes one. Facts are plain texts."""
