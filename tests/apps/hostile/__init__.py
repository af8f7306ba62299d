"""Applications that misbehave towards their process, each beside a correct route."""
