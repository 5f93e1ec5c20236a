"""The only room that speaks SQL. Functions take an open transaction, return nouns, and never commit."""
