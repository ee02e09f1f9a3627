"""What a query brought: rows as Arrow batches, text for people, exports."""
