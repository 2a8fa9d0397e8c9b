"""Mail: what is written to people, in their language, and how it leaves the house."""
