"""Applications that misbehave towards the process they run in. Each stands beside a correct route."""
