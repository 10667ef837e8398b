"""What a report says, once for all formats: names, amounts, sentences, the tables for people, and rule cards."""
