"""What a person may type in grading, and the pages it stands on."""
