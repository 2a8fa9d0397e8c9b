"""Posts: what they hold, when they become visible, and when they are gone."""
