"""What the customer record itself shows on the account page."""
