"""What a feed is made by: how posts are delivered, and how they are ranked."""
