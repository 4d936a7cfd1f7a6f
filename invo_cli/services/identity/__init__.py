"""Proving who somebody is: passwords, sign-ins of people, tokens of programs."""
