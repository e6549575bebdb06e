"""What a merge does with the rows of the customer record itself."""
