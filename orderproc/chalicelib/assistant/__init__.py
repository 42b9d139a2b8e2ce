"""Answers questions of customers about their orders: understands, looks up what the caller may see, words the answer.

May import `orders` and `kit`; a language model is asked through `ports.Model` only."""
