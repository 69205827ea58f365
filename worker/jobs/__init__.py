"""Job kinds. One file = one kind: a `PLUGIN` with `name` and `run(context, job)`."""
