"""The report for legal review: a view of assessments in sentences, and its forms (HTML, PDF, Word, Markdown)."""
