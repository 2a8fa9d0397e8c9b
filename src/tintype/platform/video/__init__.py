"""Video: looking at one, and the one encoder run that makes its stream."""
