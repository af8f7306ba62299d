"""What counts as wrong: one catalogue, and small pure functions over a transcript."""
