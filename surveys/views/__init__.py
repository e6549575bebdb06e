"""Pages: `links` for customers who hold a link, `surveys` and `invitations` for us."""
