"""Objects as the API shows them: hydrate in batches, hide what the viewer may not see, present."""
