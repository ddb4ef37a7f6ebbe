"""What a person types to search articulations and to enter agreements and classes."""
