"""The endurance trials: one module a kind of trouble, each with `run(trials, seed) -> Outcome`."""
