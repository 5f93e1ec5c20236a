"""Requests, forms and HTML: the desk for editors, the site and feeds for readers."""
