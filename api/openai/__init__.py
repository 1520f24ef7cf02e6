"""Here is a chat program that speaks OpenAI's interface; answer it from the articles."""
