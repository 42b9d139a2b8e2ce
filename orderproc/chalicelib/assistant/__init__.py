"""Answers questions of customers about their orders: understands, looks up what the caller may see, words the answer.

May import the domain and other services; a language model is asked through `ports.Model` alone."""
