"""Where personal data of the customer record lies, and how long it is kept."""
