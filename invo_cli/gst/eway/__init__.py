"""The e-way bill: when goods need one, and the bulk file of the portal, version 1.0.0621."""
