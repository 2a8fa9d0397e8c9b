"""The job queue: tasks that follow from facts."""
