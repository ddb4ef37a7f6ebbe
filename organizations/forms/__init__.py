"""What a person may type about the tenants and their rules."""
