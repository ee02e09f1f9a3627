"""SQL as text: splitting, formatting, completing, classifying, redacting."""
