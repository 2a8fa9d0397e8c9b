"""Who people are: accounts, profiles, sessions, and what operators do with them."""
