"""Here is a system and a data set; tell me how good it is and how sure you are."""
