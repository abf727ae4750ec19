"""What shoppers ask, in five languages, over the demo's products: questions and what a right answer holds."""
