"""Learning blocks: one file = one kind of model, `PLUGIN` describes it."""
