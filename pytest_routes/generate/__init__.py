"""What to send: parameters, messages and whole conversations, made one small choice at a time."""
