"""SCIM 2.0 (RFC 7643, RFC 7644): the company's directory provisions our people and teams.

`scim2-server` speaks the protocol. Here stands what a user and a team are in its words
(`resources`), how they are read and written (`storage`), and who may ask (`views`).
"""
