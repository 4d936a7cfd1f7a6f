"""invo: GST invoicing for a service centre, from the command line."""

__version__ = "0.1.0"
