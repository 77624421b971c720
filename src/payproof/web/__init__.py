"""The pages that people see: the widget, the hosted order page, the operator's desk."""
