"""E-invoices and e-way bills of a business: what is reported, what the portals answered, what was cancelled there."""
