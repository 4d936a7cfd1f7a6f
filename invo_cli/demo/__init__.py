"""A made-up service centre and its year, put into a database through the same services as real business."""
