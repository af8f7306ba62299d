"""One bug to a module, the same in every framework; `apps.expectations` says what is found."""
